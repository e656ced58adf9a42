/** A service opens one client of each outside: what one connector learns there, the others of the service know. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Fleet, StatusReport } from '@lazada-sof/orders';
import {
  anAccount,
  type MemoryTokens,
  memoryTokens,
  openScriptedServer,
  type RecordedLimiter,
  recordedLimiter,
  type ScriptedServer,
} from '@lazada-sof/testkit';
import { accountChecks, tokenChecks } from './account-checks/account-checks.ts';
import { openLazadaCalls } from './lazada/calls.ts';
import { fleetDbs } from './lazada/fleet-dbs.ts';
import { marketplaceLazada } from './lazada/marketplace.ts';
import { openSofCalls } from './sof/calls.ts';
import { fleetSofp } from './sof/fleet-sofp.ts';

const SOFP = { authPath: '/api/auth', statusPath: '/statuses/', usernameField: 'username', passwordField: 'password' };
const REPORT: StatusReport = {
  orderNumber: '4001',
  packageId: 'FP1',
  trackingNumber: 'LZ1',
  status: 'delivered',
  occurredAt: new Date('2024-05-01T10:11:12Z'),
};

let server: ScriptedServer;
let tokens: MemoryTokens;
let limiter: RecordedLimiter;
let service: ReturnType<typeof openService>;
let passed: number;

beforeEach(async () => {
  const now = performance.now.bind(performance);
  passed = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  server = await openScriptedServer();
  tokens = memoryTokens();
  limiter = recordedLimiter();
  service = openService();
});
afterEach(async () => {
  jest.restoreAllMocks();
  service.close();
  await server.close();
});

/** As a service's `main.ts` opens them. */
function openService() {
  const lazada = openLazadaCalls({ tokens, limiter, settings: { restUrl: server.url, authUrl: server.url } });
  const sof = openSofCalls({ tokens, limiter, settings: { ...SOFP, url: server.url } });
  return {
    marketplace: marketplaceLazada(lazada),
    dbs: fleetDbs(lazada),
    sofp: fleetSofp(sof),
    // As `db` has them for a check: never content with a stored token.
    checks: accountChecks({ lazada, sof, tokens: memoryTokens() }),
    ownChecks: tokenChecks({ lazada, sof, tokens }),
    close() {
      lazada.close();
      sof.close();
    },
  };
}

const account = anAccount();
const report = (fleet: Fleet) =>
  fleet.report(account, REPORT, { open: async () => true, close: async () => undefined });
const pass = (ms: number) => {
  passed += ms;
};
const pauses = () => limiter.journal.filter((word) => word.startsWith('pause'));

test('a ban that the marketplace ran into is known to the fleet and to account checks', async () => {
  const banned = { body: { code: 'SellerCallLimit', message: 'too many' } };
  for (const path of ['/order/items/get', '/order/package/sof/delivered', '/auth/token/refresh'])
    server.on(path, banned);
  await expect(service.marketplace.readItems(account, '4001')).rejects.toMatchObject({ waitMs: 2_000 });
  pass(2_000);
  expect(await report(service.dbs)).toMatchObject({ failure: { kind: 'rate-limited', waitMs: 4_000 } });
  pass(4_000);
  tokens.accessTokenExpiresAt = new Date();
  expect(await service.ownChecks.check(account)).toMatchObject({ failure: { kind: 'rate-limited', waitMs: 8_000 } });
  expect(pauses()).toEqual(['pause account 2000', 'pause account 4000', 'pause account 8000']);
});

test('a call of the fleet that went through ends the trouble of the marketplace too', async () => {
  server.on('/order/items/get', { body: { code: 'SellerCallLimit' } });
  const element = { package_id: 'FP1', item_err_code: '0' };
  server.on('/order/package/sof/delivered', {
    body: { code: '0', result: { success: true, data: { packages: [element] } } },
  });
  await expect(service.marketplace.readItems(account, '4001')).rejects.toMatchObject({ waitMs: 2_000 });
  pass(2_000);
  expect(await report(service.dbs)).toMatchObject({ outcome: 'accepted' });
  await expect(service.marketplace.readItems(account, '4001')).rejects.toMatchObject({ waitMs: 2_000 });
});

test('a SOF module that says "too many" without a time is one trouble for reports and account checks', async () => {
  server.on('/orders/get', { body: { code: '0' } });
  server.on(SOFP.authPath, { body: { access_token: 'hush-token' } }, { status: 429 });
  server.on(SOFP.statusPath, { status: 429 });
  expect(await report(service.sofp)).toMatchObject({ failure: { kind: 'rate-limited', waitMs: 2_000 } });
  pass(2_000);
  expect(await service.checks.check(account)).toMatchObject({ failure: { kind: 'rate-limited', waitMs: 4_000 } });
  pass(4_000);
  expect(await report(service.sofp)).toMatchObject({ failure: { kind: 'rate-limited', waitMs: 8_000 } });
});
