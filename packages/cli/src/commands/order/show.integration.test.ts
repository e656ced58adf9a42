import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  blockedStep,
  DELIVERED,
  itemsShown,
  MISMATCH,
  NOT_DELIVERED,
  type OrderRows,
  openCli,
  READY_PACKAGE,
  SHIPPED_PACKAGE,
  type TestCli,
} from '../../cli.fixture.ts';

type Check = { check: string; ok: boolean; detail: string; fix?: string };

let cli: TestCli;
let shop: string;
beforeAll(async () => {
  cli = await openCli();
  shop = await cli.shop();
});
afterAll(() => cli.close());

describe('order explain: why was this not sent?', () => {
  type Story = [what: string, rows: OrderRows, check: string, words: RegExp, way: RegExp];
  test.each<Story>([
    [
      'not ready to ship yet',
      { lazada: DELIVERED },
      'too_early',
      /delivered: the order has no package yet/,
      /ready to ship/,
    ],
    [
      'both ends are said',
      { lazada: { ...DELIVERED, ...NOT_DELIVERED }, package: SHIPPED_PACKAGE },
      'conflict',
      /delivered and not delivered are both asked for/,
      /withdraw/,
    ],
    [
      'a person has to release it',
      { lazada: NOT_DELIVERED, package: SHIPPED_PACKAGE },
      'awaiting_release',
      /not_delivered of package FP1: account shop-\d+ wants a person/,
      /release the order/,
    ],
    [
      'given up after failures',
      { package: READY_PACKAGE, step: blockedStep('shipped') },
      'blocked',
      /shipped of package FP1: it was given up: http_400: the tracking number is unknown/,
      /correct what the reason names.*release the order/,
    ],
    [
      'waiting for its next try',
      { package: READY_PACKAGE, step: { ...blockedStep('shipped'), blocked: false, due_at: '2126-01-01T00:00:00Z' } },
      'due',
      /waits until 2126-01-01T00:00:00.000Z: the tracking number is unknown/,
      /order send/,
    ],
    [
      'Lazada accepted it and does not show it',
      MISMATCH,
      'status_mismatch',
      /accepted delivered of package FP1 and does not show it after a day/,
      /order send posts the status again/,
    ],
  ])('%s', async (_, rows, check, words, fix) => {
    const { orderNumber } = await cli.order(shop, rows);
    const { code, out } = await cli.sof(`order explain ${shop} ${orderNumber}`);
    expect(code).toBe(0);
    const [, detail, way] = out.match(new RegExp(`^NO {2}${check}: (.*)\\n +→ (.*)$`, 'm')) ?? [];
    expect({ detail, way }).toEqual({ detail: expect.stringMatching(words), way: expect.stringMatching(fix) });
  });

  test.each<[what: string, columns: Record<string, unknown>, words: string]>([
    ['parked', { status: 'auth_failed', status_reason: 'login refused' }, 'it is parked as auth_failed: login refused'],
    ['disabled', { enabled: false }, 'it is disabled'],
    ['no longer sof', { delivery_type: 'pickup' }, 'its delivery type is pickup, not sof'],
  ])('the account is %s: that comes first, with the way out', async (_, columns, words) => {
    const name = await cli.shop(columns);
    const { orderNumber } = await cli.order(name, { package: SHIPPED_PACKAGE, lazada: NOT_DELIVERED });
    const [first, fix] = (await cli.sof(`order explain ${name} ${orderNumber}`)).out.split('\n');
    expect(first).toBe(`NO  account_blocked: account ${name}: ${words}`);
    expect(fix).toMatch(/→ mend the account/);
  });

  test('nothing in the way, and nothing to do', async () => {
    const { orderNumber } = await cli.order(shop);
    expect((await cli.sof(`order explain ${shop} ${orderNumber}`)).out).toMatch(
      new RegExp(`^Nothing stops ${shop}/${orderNumber}. nothing is left to do: `),
    );
  });

  test('nothing in the way: it stands in the line of its account', async () => {
    const next_attempt_at = new Date(Date.now() + 600_000).toISOString();
    const { orderNumber } = await cli.order(shop, {
      lazada: { ...DELIVERED, next_attempt_at },
      package: SHIPPED_PACKAGE,
    });
    const { out } = await cli.sof(`order explain ${shop} ${orderNumber}`);
    expect(out).toMatch(/nothing stops delivered of package FP1/);
    expect(out).toContain(`comes to its turn at about ${next_attempt_at}`);
  });

  test('--all and --json tell the checks that passed too', async () => {
    const { orderNumber } = await cli.order(shop, { lazada: NOT_DELIVERED, package: SHIPPED_PACKAGE });
    const { out } = await cli.sof(`order explain ${shop} ${orderNumber} --all`);
    expect(out).toMatch(/^ok {2}account_blocked: account shop-\d+ is active$/m);
    const checks = await cli.json<Check[]>(`order explain ${shop} ${orderNumber}`);
    expect(checks.filter(({ ok }) => !ok)).toEqual([
      { check: 'awaiting_release', ok: false, detail: expect.any(String), fix: expect.any(String) },
    ]);
    expect(checks).toContainEqual({ check: 'account_blocked', ok: true, detail: `account ${shop} is active` });
  });
});

describe('order show', () => {
  const ROWS: OrderRows = {
    lazada: {
      ...NOT_DELIVERED,
      status: 'ready_to_ship',
      hold_reason: 'too_early',
      blocked_step: 'shipped',
      last_error_code: 'http_400',
      last_error: 'the tracking number is unknown',
      invoice_status: 'waiting',
    },
    package: READY_PACKAGE,
  };

  test.each([
    [3 * 3_600_000 + 90_000, /^ship by \d{4}-\d\d-\d\d \d\d:\d\d \(Asia\/Kathmandu\), 3 h 1 min left$/m],
    [-90_000, /^late since \d{4}-\d\d-\d\d \d\d:\d\d \(Asia\/Kathmandu\), for 1 min$/m],
  ])('for people: its deadline %i ms from now, by the clock of its account', async (leftMs, words) => {
    const name = await cli.shop({ timezone: 'Asia/Kathmandu' });
    const ship_by = new Date(Date.now() + leftMs).toISOString();
    const { orderNumber } = await cli.order(name, { lazada: { ship_by } });
    expect((await cli.sof(`order show ${name} ${orderNumber}`)).out).toMatch(words);
    const { shipBy } = await cli.json<{ shipBy: string }>(`order show ${name} ${orderNumber}`);
    expect(shipBy).toBe(ship_by);
  });

  test('for people: how it stands, what was last wrong, what happened, and where the reasons are', async () => {
    const { orderNumber } = await cli.order(shop, ROWS);
    const { code, out } = await cli.sof(`order show ${shop} ${orderNumber}`);
    expect({ code, lines: out.trimEnd().split('\n') }).toEqual({
      code: 0,
      lines: [
        `${shop}/${orderNumber}: ready_to_ship, held: too_early, blocked: shipped`,
        'last error: http_400: the tracking number is unknown',
        expect.stringMatching(/^invoice: waiting; next look: /),
        'package FP1: ready_to_ship, tracking number TN1',
        expect.stringMatching(/^\d{4}-.*Z {2}flag_set {2}host {2}\{.*\}$/),
        `Why, and what to do: npm run sof -- order explain ${shop} ${orderNumber}`,
      ],
    });
  });

  test('a parked account is told before every other hold', async () => {
    const parked = await cli.shop({ status: 'auth_failed' });
    const { orderNumber } = await cli.order(parked, ROWS);
    const { out } = await cli.sof(`order show ${parked} ${orderNumber}`);
    expect(out).toMatch(/: ready_to_ship, held: account_blocked, blocked: shipped\n/);
  });

  test('in which manifests its items are listed, by their days', async () => {
    const { orderNumber, orderId } = await cli.order(shop, { package: READY_PACKAGE, lazada: { items: itemsShown() } });
    const list = `insert into marketplace_manifests (marketplace, account_id, manifest_date, order_item_ids, status, error)
      select 'lazada', account_id, d.day::date, '["1"]', d.status, d.error from order_lazada,
             (values ('2026-02-01', 'stored', null), ('2026-02-02', 'not_supported', '50008')) as d (day, status, error)
       where order_id = $1`;
    await cli.database.sql(list, [orderId]);
    const { out } = await cli.sof(`order show ${shop} ${orderNumber}`);
    expect(out).toContain('manifest of 2026-02-02: not_supported (50008)\nmanifest of 2026-02-01: stored\n');
    expect(await cli.json(`order show ${shop} ${orderNumber}`)).toMatchObject({
      manifests: [
        { day: '2026-02-02', status: 'not_supported', error: '50008' },
        { day: '2026-02-01', status: 'stored', error: null },
      ],
    });
  });

  test('for machines: the order as the API shows it', async () => {
    const { orderNumber } = await cli.order(shop, ROWS);
    const { nextAttemptAt, timeline, explain, ...shown } = await cli.json<Record<string, unknown>>(
      `order show ${shop} ${orderNumber}`,
    );
    expect(shown).toEqual({
      account: shop,
      orderNumber,
      shipBy: null,
      toolStatus: null,
      updateShipping: 0,
      status: 'ready_to_ship',
      holdReason: 'too_early',
      blockedStep: 'shipped',
      invoiceStatus: 'waiting',
      confirmedAt: null,
      lastError: { code: 'http_400', message: 'the tracking number is unknown' },
      packages: [
        {
          packageId: 'FP1',
          trackingNumber: 'TN1',
          state: 'ready_to_ship',
          shippedAt: null,
          shippedSentAt: null,
          deliveredAt: null,
          deliveredSentAt: null,
          notDeliveredAt: null,
          notDeliveredSentAt: null,
          confirmedAt: null,
        },
      ],
      documents: [],
      manifests: [],
    });
    // Nobody has planned it: due as its flag made it.
    expect(nextAttemptAt).toMatch(/Z$/);
    expect(timeline).toEqual([
      { at: expect.stringMatching(/Z$/), kind: 'flag_set', source: 'host', data: expect.any(Object) },
    ]);
    expect(explain).toContainEqual(expect.objectContaining({ check: 'awaiting_release', ok: false }));
  });
});

test.each(['show', 'send'])('order %s of what is not there names it and the way out', async (verb) => {
  const queue = { env: { QUEUE_URL: cli.database.url } };
  expect(await cli.sof(`order ${verb} nobody 4001`, queue)).toEqual({
    code: 1,
    out: '',
    err: 'there is no account nobody; npm run sof -- account list shows them\n',
  });
  const { code, err } = await cli.sof(`order ${verb} ${shop} 9999`, queue);
  expect({ code, err }).toEqual({
    code: 1,
    err: `account ${shop} has no order 9999: check the number; an order is known here once the host system has written it\n`,
  });
});
