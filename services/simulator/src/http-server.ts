/** The HTTP server: Lazada's paths, the control API and the page, each on its own. */
import Fastify, { type FastifyInstance } from 'fastify';
import { controlCalls, controlRoutes } from './control/routes.ts';
import { DhlDesk } from './dhl/shipments.ts';
import { dhlTrack } from './dhl/track.ts';
import type { FileTargets } from './file-targets/targets.ts';
import { consentRoutes } from './open-platform/consent.ts';
import { OPEN_PLATFORM_CALLS, openPlatformEndpoint, unknownPath } from './open-platform/index.ts';
import { invoiceRoutes } from './open-platform/invoice-links.ts';
import { pageRoutes } from './page/page.ts';
import type { Pusher } from './push/pusher.ts';
import type { Endpoint } from './server/call.ts';
import { serve } from './server/serve-call.ts';
import type { SimulatorState } from './server/simulator-state.ts';
import type { SofPaths } from './sof/paths.ts';
import { sofStatus } from './sof/report-status.ts';
import { sofSignIn } from './sof/sign-in.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;
const MOST_BYTES = 10 * 1024 ** 2;

export function createServer(
  state: SimulatorState,
  sofPaths: SofPaths,
  files: FileTargets,
  pusher: Pick<Pusher, 'sent'>,
): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: MOST_BYTES });
  const dhl = new DhlDesk();
  app.register(async (scope) => mountSimulatedApis(scope, state, sofPaths, dhl));
  app.register(async (scope) => {
    answerBadRequests(scope);
    const calls = controlCalls({ state, dhl, pusher, files });
    controlRoutes(scope, calls);
    consentRoutes(scope, state);
    pageRoutes(scope, { state, calls, sofPaths, files });
  });
  return app;
}

/** The simulated APIs take every body as text: whether its form is right is theirs to judge. */
function mountSimulatedApis(app: FastifyInstance, state: SimulatorState, sofPaths: SofPaths, dhl: DhlDesk): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  for (const one of OPEN_PLATFORM_CALLS) mount(app, state, `/rest${one.path}`, openPlatformEndpoint(state, one));
  mount(app, state, '/rest/*', unknownPath(state));
  mount(
    app,
    state,
    '/track/shipments',
    dhlTrack(dhl, () => state.world.now()),
    ['GET'],
  );
  mount(app, state, sofPaths.authPath, sofSignIn(state), ['POST']);
  mount(app, state, sofPaths.statusPath, sofStatus(state), ['POST']);
  invoiceRoutes(app, state);
}

function mount(
  app: FastifyInstance,
  state: SimulatorState,
  url: string,
  endpoint: Endpoint,
  methods: readonly string[] = METHODS,
): void {
  app.route({ method: [...methods], url, handler: serve(state, endpoint) });
}

/** A control call that makes no sense is answered with what is wrong with it. */
function answerBadRequests(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error.statusCode ?? 400).send({ error: error.message }),
  );
}
