import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  anAccount,
  fleetConformance,
  memoryTokens,
  openScriptedServer,
  recordedLimiter,
  type ScriptedServer,
} from '@lazada-sof/testkit';
import type { FinishedRequest } from '../calls/instrumented.ts';
import { openSofCalls } from './calls.ts';
import { fleetSofp } from './fleet-sofp.ts';

const SETTINGS = {
  authPath: '/api/auth',
  statusPath: '/api/statuses/',
  usernameField: 'username',
  passwordField: 'password',
};
const REPORT = {
  orderNumber: '260422899198627123',
  packageId: 'FP1',
  trackingNumber: 'LZSOF1',
  status: 'delivered',
  occurredAt: new Date('2024-05-01T10:11:12Z'),
} as const;

let logins = 0;
const login = () => {
  logins += 1;
  return { body: { access_token: `hush-token-${logins}` } };
};

fleetConformance('sofp', {
  report: REPORT,
  open: ({ url, tokens, limiter }) => {
    const sof = openSofCalls({ tokens, limiter, settings: { ...SETTINGS, url } });
    return { ...fleetSofp(sof), close: sof.close };
  },
  path: SETTINGS.statusPath,
  renewal: 'login',
  prepare: (server) => server.on(SETTINGS.authPath, login),
  says: {
    accepts: { status: 202 },
    'refuses for good': ({ headers }) => ({ status: 400, body: `required value missing (${headers.authorization})` }),
    'does not know it yet': { status: 400, body: "tracking number LZSOF1 doesn't exist" },
    'refuses the token': { status: 401 },
    'asks to slow down': { status: 429, headers: { 'retry-after': '3' } },
    'cannot for now': { status: 503 },
    'loses it on the way': { status: 502 },
    'breaks off': 'reset',
    'answers by half': 'half',
  },
});

describe('the SOF module', () => {
  let server: ScriptedServer;
  let sof: ReturnType<typeof openSofCalls>;
  let fleet: ReturnType<typeof fleetSofp>;
  let requests: FinishedRequest[];
  const limiter = recordedLimiter();
  const attempt = { open: async () => true, close: async () => undefined };
  beforeEach(async () => {
    requests = [];
    limiter.journal.length = 0;
    server = await openScriptedServer();
    server.on(SETTINGS.authPath, login);
    sof = openSofCalls({
      tokens: memoryTokens(),
      limiter,
      settings: { ...SETTINGS, url: server.url },
      onRequest: (request) => requests.push(request),
    });
    fleet = fleetSofp(sof);
  });
  afterEach(async () => {
    sof.close();
    await server.close();
  });

  test("is told status, tracking number and time, with the account's token", async () => {
    server.on(SETTINGS.statusPath, { status: 202 });
    expect(await fleet.report(anAccount(), REPORT, attempt)).toEqual({
      outcome: 'accepted',
      httpStatus: 202,
      answer: null,
      requestId: null,
    });
    const post = server.asked.find(({ path }) => path === SETTINGS.statusPath);
    expect(post?.headers.authorization).toBe(`JWT hush-token-${logins}`);
    expect(JSON.parse(post?.body ?? '')).toEqual({
      status: 'delivered',
      tracking_number: 'LZSOF1',
      timestamp: '2024-05-01T10:11:12+00:00',
    });
  });

  test('gets the login on a slot of its own, and every request is counted', async () => {
    server.on(SETTINGS.statusPath, { status: 503 });
    await fleet.report(anAccount(), REPORT, attempt);
    expect(limiter.journal.filter((word) => word === 'slot')).toHaveLength(2);
    expect(requests.map(({ api, account, outcome }) => [api, account, outcome])).toEqual([
      ['sofp', 'shop-7', 'ok'],
      ['sofp', 'shop-7', 'http_503'],
    ]);
  });

  test.each([
    [401, '', 'misconfigured', 'login_refused'],
    [404, '', 'misconfigured', 'http_404'],
    [500, '', 'transient', 'http_500'],
    [200, '<html>', 'transient', 'no_token'],
  ])('a login answered %i "%s" is %s, and no attempt is opened', async (status, body, kind, code) => {
    server.on(SETTINGS.authPath, { status, body });
    const never = { open: () => Promise.reject(new Error('opened')), close: () => Promise.reject(new Error('closed')) };
    await expect(fleet.report(anAccount(), REPORT, never)).rejects.toMatchObject({ kind, code });
  });

  test('429 without a time: 2 s, growing with each in a row', async () => {
    server.on(SETTINGS.statusPath, { status: 429 });
    expect(await fleet.report(anAccount(), REPORT, attempt)).toMatchObject({ failure: { waitMs: 2_000 } });
    expect(limiter.journal).toContain('pause account 2000');
  });

  test('429 for 99999999999 s: an hour', async () => {
    server.on(SETTINGS.statusPath, { status: 429, headers: { 'retry-after': '99999999999' } });
    expect(await fleet.report(anAccount(), REPORT, attempt)).toMatchObject({ failure: { waitMs: 3_600_000 } });
  });

  test('a package without a tracking number is nothing to report', async () => {
    const report = fleet.report(anAccount(), { ...REPORT, trackingNumber: null }, attempt);
    await expect(report).rejects.toMatchObject({ kind: 'rejected', code: 'no_tracking_number' });
    expect(server.asked).toEqual([]);
  });
});
