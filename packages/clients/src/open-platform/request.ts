/** One signed request to the Open Platform, and what its answer holds. */
import { rememberSecrets } from '@lazada-sof/redact';
import { z } from 'zod';
import { type Connections, openConnections } from '../http/connections.ts';
import type { ErrorFacts } from '../http/errors.ts';
import { excerptOf } from '../http/excerpt.ts';
import { parseJson } from '../http/json.ts';
import { factsOf, type HttpAnswer, type HttpRequest } from '../http/request.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { holdsNothing, type Opened, openEnvelope } from './envelope.ts';
import {
  EmptyAnswerError,
  HttpRateLimitError,
  HttpStatusError,
  NotJsonError,
  UnexpectedAnswerError,
} from './errors.ts';
import { sign } from './sign.ts';

/** For whom a call is made, and where. `accessToken` is missing only where tokens are asked for. */
export type Shop = {
  readonly restUrl: string;
  readonly appKey: string;
  readonly appSecret: string;
  readonly accessToken?: string;
};

export type CallOptions = {
  readonly signal?: AbortSignal | undefined;
};

export type Endpoint = {
  readonly method: 'GET' | 'POST';
  /** Without `/rest`; it is signed. */
  readonly path: string;
  /** Raw; arrays and objects as JSON text. Empty ones are left out. */
  readonly params: Readonly<Record<string, string>>;
  readonly largestAnswer?: number;
  /** True: once sent it is not given up, since it may have had its effect. */
  readonly finishOnceSent?: boolean;
};

export type OpenPlatform = {
  /** @throws a ClientError: what happened in transport, or what the answer says instead of a success */
  call<Schema extends z.ZodType>(
    shop: Shop,
    endpoint: Endpoint,
    content: { readonly schema: Schema; readonly from: 'data' | 'whole' },
    options?: CallOptions,
  ): Promise<{ content: z.output<Schema>; requestId: string | null }>;
  /** Ends the kept connections. */
  close(): void;
};

const WHOLE_MS = 30_000;
/** A call that changes something ends sooner, so that its outcome can be read back 30 s after its start. */
const EFFECT_MS = 15_000;
const LARGEST_JSON = 5 * 1024 * 1024;

/** A client with its own kept connections: close it when it is not needed any more. */
export function connectOpenPlatform(
  clock: () => number = Date.now,
  connections: Connections = openConnections(),
): OpenPlatform {
  return {
    async call(shop, endpoint, { schema, from }, options = {}) {
      const { opened, facts } = await exchange(connections, shop, endpoint, { ...options, now: clock() });
      const content = schema.safeParse(opened[from]);
      if (content.success) return { content: content.data, requestId: opened.requestId };
      if (holdsNothing(opened[from])) throw new EmptyAnswerError('answered a success that holds nothing', facts);
      throw new UnexpectedAnswerError(mistakesIn(content.error), facts);
    },
    close: connections.close,
  };
}

/** A list of thousands may be wrong in each of them: the first few tell what there is to tell. */
const MOST_MISTAKES = 5;

function mistakesIn({ issues }: z.ZodError): string {
  const more = issues.length - MOST_MISTAKES;
  return `${z.prettifyError({ issues: issues.slice(0, MOST_MISTAKES) })}${more > 0 ? `\nand ${more} more` : ''}`;
}

async function exchange(
  connections: Connections,
  shop: Shop,
  endpoint: Endpoint,
  { signal, now }: CallOptions & { now: number },
): Promise<{ opened: Opened; facts: ErrorFacts }> {
  const params = signedParams(shop, endpoint, now);
  const request: HttpRequest = {
    ...encoded(shop, endpoint, params),
    wholeMs: endpoint.finishOnceSent ? EFFECT_MS : WHOLE_MS,
    largestAnswer: endpoint.largestAnswer ?? LARGEST_JSON,
    finishOnceSent: endpoint.finishOnceSent ?? false,
    signal,
  };
  const secrets = secretsOf(shop, endpoint);
  rememberSecrets(secrets);
  const answer = await connections.send(request);
  const facts = {
    request: factsOf(request),
    httpStatus: answer.status,
    // Only an error shows it, and most answers are none.
    get excerpt() {
      return excerptOf(answer.body, secrets);
    },
  };
  return { opened: open(answer, facts, secrets), facts };
}

/** An answer may repeat what it was asked. */
const secretsOf = ({ appSecret, accessToken = '' }: Shop, { params }: Endpoint): string[] => [
  appSecret,
  accessToken,
  params.refresh_token ?? '',
  params.code ?? '',
];

/** Every parameter that is sent, the signature last. What is signed is what is sent, character by character. */
function signedParams(shop: Shop, { path, params }: Endpoint, now: number): Record<string, string> {
  const all = Object.entries({
    ...params,
    app_key: shop.appKey,
    access_token: shop.accessToken ?? '',
    sign_method: 'sha256',
    timestamp: String(now),
  });
  const filled = Object.fromEntries(all.filter(([, value]) => value !== ''));
  return { ...filled, sign: sign(path, filled, shop.appSecret) };
}

/** A GET takes all parameters in the query, a POST all of them in a form. */
function encoded(shop: Shop, { method, path }: Endpoint, params: Record<string, string>) {
  const url = new URL(`${shop.restUrl}${path}`);
  const form = new URLSearchParams(params).toString();
  if (method === 'GET') {
    url.search = form;
    return { method, url, headers: {} };
  }
  return { method, url, headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body: form };
}

/** Lazada answers errors with 200 and a code; a gateway before it answers with a status and whatever it likes. */
function open(answer: HttpAnswer, facts: ErrorFacts & { httpStatus: number }, secrets: readonly string[]): Opened {
  if (answer.status === 429) {
    const wait = retryAfterMs(answer.headers['retry-after'], new Date());
    throw new HttpRateLimitError({ ...facts, retryAfterMs: wait });
  }
  const json = jsonOf(answer.body);
  const opened = json === undefined ? null : openEnvelope(json, facts, secrets);
  if (answer.status !== 200) throw new HttpStatusError(facts);
  if (json === undefined) throw new NotJsonError(`answered with something that is not JSON (${facts.excerpt})`, facts);
  if (opened === null) throw new UnexpectedAnswerError(`answered without a code (${facts.excerpt})`, facts);
  return opened;
}

function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
