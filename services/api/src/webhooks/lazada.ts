/**
 * `POST /webhooks/lazada`. Opened by its signature over the raw bytes. Whatever is signed rightly is answered 200, within the
 * half second that Lazada waits: another answer would be repeated twelve times and in the end stop all pushes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '@lazada-sof/db';
import { readPush } from '@lazada-sof/orders';
import { pushMetrics, type Registry } from '@lazada-sof/runtime';
import type { FastifyInstance } from 'fastify';
import type { Gate } from '../gate/gate.ts';
import { Problem } from '../problem.ts';
import { heedPush, type PushTools } from './heed-push.ts';
import { signersOf } from './signature.ts';

/** What takes longer goes on behind the answer: a host may hold an order's rows. */
const ANSWERED_AFTER_MS = 300;
/** Lazada's have some hundred bytes. Every app's secret is tried on them before anybody is known. */
const BODY_LIMIT = 16 * 1_024;
/** What is longer counts before it is looked at: from an address over its limit only as long ones as Lazada's cost us a look. */
const USUAL_BYTES = 2 * 1_024;
/** So long the apps are remembered: what is not signed costs no query. */
const APPS_FOR_MS = 5_000;

type MountTools = PushTools & { readonly metrics: Registry; readonly gate: Pick<Gate, 'countUnknown'> };

export async function mountLazadaPush(app: FastifyInstance, tools: MountTools): Promise<void> {
  const { pushes, log, gate } = tools;
  const { messages } = pushMetrics(tools.metrics);
  const apps = remembered(pushes.apps, APPS_FOR_MS);
  await app.register(async (scope) => {
    // The signature is over the bytes, whatever they are called.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Body: Buffer | undefined }>(
      '/webhooks/lazada',
      {
        config: { access: 'open', opensItself: true },
        schema: { hide: true },
        bodyLimit: BODY_LIMIT,
      },
      async ({ body = Buffer.alloc(0), headers, client }, reply) => {
        const place = body.length > USUAL_BYTES ? gate.countUnknown(client.network) : null;
        const signers = signersOf(await apps(), body, headers.authorization);
        if (signers.length === 0) {
          if (!place) gate.countUnknown(client.network);
          throw notSigned();
        }
        place?.giveBack();
        const push = readPush(body.toString());
        const heeding = heedPush(push, signers, tools).then((outcome) => messages.inc({ type: push.type, outcome }));
        // Of what fails behind the answer; what fails before it is answered as a fault, and Lazada sends it again.
        heeding.catch((error: unknown) => log.warn('a push of Lazada had no effect', { type: push.type, error }));
        await Promise.race([heeding, sleep(ANSWERED_AFTER_MS, undefined, { ref: false })]);
        return reply.code(200).send({ ok: true });
      },
    );
  });
}

const notSigned = () =>
  new Problem(
    401,
    'The signature is none of an enabled account’s app: header Authorization must be the hex of HMAC-SHA256 over app key and body.',
  );

/** What was known is answered with while it is asked anew: a database that hangs keeps no message waiting. */
function remembered(read: () => Promise<App[]>, forMs: number): () => App[] | Promise<App[]> {
  let known: { readonly at: number; readonly apps: App[] } | null = null;
  let reading: Promise<App[]> | null = null;
  const readAnew = () => {
    reading ??= read()
      .then((apps) => {
        known = { at: performance.now(), apps };
        return apps;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  return () => {
    if (!known) return readAnew();
    // What fails is told by whatever else asks the database; the next message asks again.
    if (performance.now() - known.at >= forMs) readAnew().catch(() => undefined);
    return known.apps;
  };
}
