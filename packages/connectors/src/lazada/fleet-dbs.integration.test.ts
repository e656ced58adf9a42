import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReportOutcome, StatusReport } from '@lazada-sof/orders';
import {
  type Answer,
  type Asked,
  anAccount,
  fleetConformance,
  memoryTokens,
  openScriptedServer,
  recordedLimiter,
  type Script,
  type ScriptedServer,
} from '@lazada-sof/testkit';
import { openLazadaCalls } from './calls.ts';
import { fleetDbs } from './fleet-dbs.ts';

const DELIVERED = '/order/package/sof/delivered';
const FAILED = '/order/package/sof/failed_delivery';
const REPORT: StatusReport = {
  orderNumber: '260422899198627123',
  packageId: 'FP1',
  trackingNumber: null,
  status: 'delivered',
  occurredAt: new Date('2024-05-01T10:11:12Z'),
};

const packagesOf = ({ form }: Asked): string[] =>
  JSON.parse(form.dbsDeliveryReq ?? form.dbsFailedDeliveryReq ?? '').packages.map(
    ({ package_id }: { package_id: string }) => package_id,
  );
type Element = { code: string; msg?: string; retry?: boolean };
/** One element per package asked for; `null` leaves it out. */
const elements =
  (outcome: (packageId: string) => Element | null): Script =>
  (asked) => ({
    body: {
      code: '0',
      request_id: 'r1',
      result: {
        success: true,
        data: {
          packages: packagesOf(asked).flatMap((package_id) => {
            const element = outcome(package_id);
            return element
              ? [{ package_id, item_err_code: element.code, msg: element.msg ?? '', retry: element.retry ?? false }]
              : [];
          }),
        },
      },
    },
  });
let refreshes = 0;
const refresh = () => {
  refreshes += 1;
  const renewed = { access_token: `hush-access-${refreshes}-new`, refresh_token: 'hush-refresh-new' };
  return { body: { code: '0', ...renewed, expires_in: 3_600, refresh_expires_in: 7_200 } };
};

fleetConformance('dbs', {
  report: REPORT,
  open: ({ url, tokens, limiter }) => {
    const lazada = openLazadaCalls({ tokens, limiter, settings: { restUrl: url, authUrl: url } });
    return { ...fleetDbs(lazada), close: lazada.close };
  },
  path: DELIVERED,
  renewal: 'refresh',
  prepare: (server) => server.on('/auth/token/refresh', refresh),
  says: {
    accepts: elements(() => ({ code: '0' })),
    'refuses for good': ({ form }) => ({ body: { code: 'MissingParameter', message: `no ${form.access_token}` } }),
    'does not know it yet': elements(() => ({ code: '700026', msg: 'package not exist' })),
    'refuses the token': { body: { code: 'IllegalAccessToken', message: 'ended', request_id: 'r1' } },
    'asks to slow down': { body: { code: 'ApiCallLimit', message: 'this ban will last 2 seconds' } },
    'cannot for now': { status: 503 },
    'loses it on the way': { status: 502 },
    'breaks off': 'reset',
    'answers by half': 'half',
  },
});

describe('packages reported at the same moment', () => {
  test('a yes that names no package leaves each unknown, to be read back', async () => {
    server.on(DELIVERED, { body: { code: '0', result: { success: true }, request_id: 'r1' } });
    const outcomes = await Promise.all(['FP1', 'FP2'].map((id) => reportOne(id)));
    expect(outcomes).toMatchObject(
      Array(2).fill({ outcome: 'unknown', failure: { kind: 'transient', code: 'empty_answer' } }),
    );
    expect(server.asked.filter(({ path }) => path === DELIVERED)).toHaveLength(1);
  });

  let server: ScriptedServer;
  let limiter = recordedLimiter();
  let lazada: ReturnType<typeof openLazadaCalls>;
  let fleet: ReturnType<typeof fleetDbs>;
  let unknownCodes: string[];
  let closed: Map<string, string[]>;
  let opened: string[];

  beforeEach(async () => {
    server = await openScriptedServer();
    server.on('/auth/token/refresh', refresh);
    limiter = recordedLimiter();
    unknownCodes = [];
    opened = [];
    closed = new Map();
    lazada = openLazadaCalls({
      tokens: memoryTokens(),
      limiter,
      settings: { restUrl: server.url, authUrl: server.url },
      onUnknownCode: (code) => unknownCodes.push(code),
    });
    fleet = fleetDbs(lazada);
  });
  afterEach(async () => {
    lazada.close();
    await server.close();
  });

  const reportOne = (packageId: string, fields: Partial<StatusReport> = {}, opens = true) =>
    fleet.report(
      anAccount(),
      { ...REPORT, packageId, ...fields },
      {
        open: async () => {
          opened.push(packageId);
          return opens;
        },
        close: async ({ outcome }) => {
          closed.set(packageId, [...(closed.get(packageId) ?? []), outcome]);
        },
      },
    );
  const calls = () => server.asked.filter(({ path }) => path.startsWith('/order')).map(packagesOf);
  const range = (count: number) => Array.from({ length: count }, (_, index) => `FP${index + 1}`);

  test('go out in one call, each opened before it and closed by its own element', async () => {
    const said: Record<string, Element | null> = {
      FP1: { code: '0' },
      FP2: { code: '700009', msg: 'not delivered by seller' },
      FP3: { code: '700024', msg: 'try later' },
      FP4: null,
      FP5: { code: '600002', msg: 'cancelled' },
      FP6: { code: '4711', msg: 'never heard of' },
    };
    server.on(DELIVERED, (asked) => {
      expect(opened).toHaveLength(6);
      const script = elements((id) => said[id] ?? null);
      return typeof script === 'function' ? script(asked) : script;
    });
    const outcomes = (await Promise.all(range(6).map((id) => reportOne(id)))) as ReportOutcome[];
    expect(calls()).toEqual([range(6)]);
    expect(outcomes.map(({ outcome, failure }) => [outcome, failure?.kind, failure?.code])).toEqual([
      ['accepted', undefined, undefined],
      ['refused', 'rejected', '700009'],
      ['unknown', 'transient', '700024'],
      ['unknown', 'transient', 'missing_in_answer'],
      ['refused', 'not-ready', '600002'],
      ['unknown', 'transient', '4711'],
    ]);
    expect([...closed.values()].flat()).toEqual(outcomes.map(({ outcome }) => outcome));
    expect(outcomes[1]).toMatchObject({ httpStatus: 200, answer: '700009 not delivered by seller', requestId: 'r1' });
    expect(unknownCodes).toEqual(['4711']);
  });

  test('are at most 20 in one call', async () => {
    server.on(
      DELIVERED,
      elements(() => ({ code: '0' })),
    );
    await Promise.all(range(45).map((id) => reportOne(id)));
    expect(calls().map(({ length }) => length)).toEqual([20, 20, 5]);
    expect(limiter.journal.filter((word) => word === 'slot')).toHaveLength(3);
  });

  test('with the other end go out in a call of their own', async () => {
    server.on(
      DELIVERED,
      elements(() => ({ code: '0' })),
    );
    server.on(
      FAILED,
      elements(() => ({ code: '0' })),
    );
    await Promise.all([reportOne('FP1'), reportOne('FP2', { status: 'not_delivered' })]);
    expect(server.asked.map((asked) => [asked.path, packagesOf(asked)])).toEqual([
      [DELIVERED, ['FP1']],
      [FAILED, ['FP2']],
    ]);
  });

  test('and not owed any more are left out of the call', async () => {
    server.on(
      DELIVERED,
      elements(() => ({ code: '0' })),
    );
    const outcomes = await Promise.all([reportOne('FP1'), reportOne('FP2', {}, false), reportOne('FP3')]);
    expect(calls()).toEqual([['FP1', 'FP3']]);
    expect(outcomes[1]).toBe('superseded');
    expect([...closed.keys()]).toEqual(['FP1', 'FP3']);
  });

  test('and refused as a whole for their content go out alone, so that one does not spoil the others', async () => {
    server.on(DELIVERED, (asked) => {
      const isSpoilt = packagesOf(asked).includes('FP2');
      const script = elements(() => ({ code: '0' }));
      if (isSpoilt) return { body: { code: '600001', message: 'package id FP2 invalid' } };
      return typeof script === 'function' ? script(asked) : script;
    });
    const outcomes = await Promise.all(range(3).map((id) => reportOne(id)));
    expect(calls()).toEqual([range(3), ['FP1'], ['FP2'], ['FP3']]);
    expect(outcomes).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'refused', failure: { kind: 'rejected', code: '600001' } },
      { outcome: 'accepted' },
    ]);
    expect([...closed.values()]).toEqual([
      ['refused', 'accepted'],
      ['refused', 'refused'],
      ['refused', 'accepted'],
    ]);
  });

  test('share one new token where theirs has ended', async () => {
    server.on(
      DELIVERED,
      { body: { code: 'IllegalAccessToken' } },
      elements(() => ({ code: '0' })),
    );
    const outcomes = await Promise.all(range(3).map((id) => reportOne(id)));
    expect(outcomes).toMatchObject(range(3).map(() => ({ outcome: 'accepted' })));
    expect(calls()).toEqual([range(3), range(3)]);
    expect(server.asked.filter(({ path }) => path === '/auth/token/refresh')).toHaveLength(1);
  });

  test('are repeated alone also where the new token only shows that one spoils the others', async () => {
    const spoilt: Answer = { body: { code: '600001', message: 'invalid' } };
    server.on(
      DELIVERED,
      { body: { code: 'IllegalAccessToken' } },
      spoilt,
      elements(() => ({ code: '0' })),
    );
    expect(await Promise.all(range(2).map((id) => reportOne(id)))).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'accepted' },
    ]);
    expect(calls()).toEqual([range(2), range(2), ['FP1'], ['FP2']]);
  });

  test('stay unknown where Lazada timed out over them', async () => {
    server.on(DELIVERED, { body: { code: 'ServiceTimeout', message: 'x', request_id: 'r7' } });
    expect(await reportOne('FP1')).toMatchObject({
      outcome: 'unknown',
      requestId: 'r7',
      failure: { kind: 'transient' },
    });
  });
});

test('shipped is none of its statuses', async () => {
  const parts = { tokens: memoryTokens(), limiter: recordedLimiter() };
  const lazada = openLazadaCalls({ ...parts, settings: { authUrl: 'http://x' } });
  const fleet = fleetDbs(lazada);
  const never = { open: () => Promise.reject(new Error('opened')), close: async () => undefined };
  await expect(fleet.report(anAccount(), { ...REPORT, status: 'shipped' }, never)).rejects.toMatchObject({
    kind: 'rejected',
  });
  lazada.close();
});
