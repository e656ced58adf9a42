import { describe, expect, test } from '@jest/globals';
import type { Order, Plan } from '@lazada-sof/orders';
import { after, anOrder, T0 } from '@lazada-sof/orders/fixture';
import { createBacklog } from './backlog.ts';
import { createPace } from './pace.ts';
import { type PlannedOrder, type Sharing, shareOut } from './share-out.ts';

type Claim = { readonly orderId: string; readonly accountId: string };
const STATUS = { step: 'delivered', ref: '11', packageId: 'FP1', trackingNumber: 'TN1', occurredAt: T0 } as const;
const INVOICE = { step: 'invoice_fetch', ref: '' } as const;
/** At a status a second an account is five ahead. */
const AHEAD = 5;

function rig({ short = 100, full = 100 } = {}) {
  const pace = createPace({ rates: { sofp: 1, lazada: 1 }, clock: () => 0, random: () => 0.5 });
  const backlog = createBacklog<Claim>({ untouched: async (claims) => claims, short, full });
  let orders = 0;
  const planned = (
    owed: Plan['owed'] = [STATUS],
    order: Partial<Order> = {},
    more: Partial<Plan> = {},
  ): PlannedOrder<Claim> => {
    const orderId = `${++orders}`;
    return {
      claim: { orderId, accountId: '7' },
      order: anOrder({ orderId, ...order }),
      now: T0,
      plan: { owed, nextAt: T0, laterAt: null, ...more },
    };
  };
  const sharing: Sharing<Claim> = { pace, backlog };
  const share = (...list: readonly PlannedOrder<Claim>[]) => {
    const { first, behind, rests } = shareOut(list, sharing);
    return {
      first: first.map(({ name }) => name),
      behind: behind.map(({ name }) => name),
      restMs: rests.map(({ nextAt }) => nextAt && nextAt.getTime() - T0.getTime()),
    };
  };
  const many = (count: number) => Array.from({ length: count }, () => planned());
  return { pace, planned, share, many };
}

test('what has room goes first, and all of an order’s jobs with it', () => {
  const { planned, share } = rig();
  expect(share(planned([STATUS, INVOICE]))).toEqual({
    first: ['sync-status', 'fetch-invoice'],
    behind: [],
    restMs: [],
  });
});

test('an order of which nothing is owed rests until its next look', () => {
  const { planned, share } = rig();
  const later = after(90_000);
  expect(share(planned([], {}, { nextAt: later })).restMs).toEqual([90_000]);
  expect(share(planned([], {}, { nextAt: null })).restMs).toEqual([null]);
});

describe('of an account with more than its rate lets through', () => {
  test('the rest waits in its rows, each order a turn behind the one before', () => {
    const { share, many } = rig();
    const { first, restMs } = share(...many(AHEAD + 3));
    expect(first).toHaveLength(AHEAD);
    expect(restMs).toEqual([1_000, 2_000, 3_000]);
  });

  test('an order comes sooner where something else of it is owed sooner', () => {
    const { planned, share, many } = rig();
    share(...many(AHEAD));
    expect(share(planned([STATUS], {}, { laterAt: after(300) })).restMs).toEqual([300]);
  });

  test('one that comes back at the time that it was told goes, and does not stand in line anew', () => {
    const { planned, share, many } = rig();
    share(...many(AHEAD));
    const row = { step: 'delivered', ref: '11', dueAt: T0, since: T0, tries: 0, blocked: false } as const;
    const steps = [{ ...row, errorCode: 'no_hand', error: 'enough calls wait already' }];
    expect(share(planned([STATUS], { steps }))).toMatchObject({ first: ['sync-status'], restMs: [] });
  });
});

describe('of an account whose jobs wait already', () => {
  test('the next stand behind everybody else’s', () => {
    const { share, many } = rig({ short: 2 });
    expect(share(...many(4))).toEqual({
      first: ['sync-status', 'sync-status'],
      behind: ['sync-status', 'sync-status'],
      restMs: [],
    });
  });

  test('none is handed on once they fill the queue; other queues have room', () => {
    const { planned, share, many } = rig({ full: 2 });
    expect(share(...many(3))).toMatchObject({ first: ['sync-status', 'sync-status'], restMs: [expect.any(Number)] });
    expect(share(planned([STATUS, INVOICE])).first).toEqual(['fetch-invoice']);
  });
});

describe('of a paused account', () => {
  test('nothing of that API goes, also what had its turn; what needs another API does', () => {
    const { pace, planned, share } = rig();
    pace.notePause('7', 'sofp', 60_000);
    const row = { step: 'delivered', ref: '11', dueAt: T0, since: T0, tries: 0, blocked: false } as const;
    const steps = [{ ...row, errorCode: 'paused', error: 'paused for 60 s' }];
    expect(share(planned([STATUS], { steps })).first).toEqual([]);
    expect(share(planned([STATUS, INVOICE])).first).toEqual(['fetch-invoice']);
  });

  test('each of its orders comes back behind the pause, at a time of its own', () => {
    const { pace, share, many } = rig();
    pace.notePause('7', 'sofp', 60_000);
    expect(share(...many(2)).restMs).toEqual([61_000, 62_000]);
  });
});

describe('of invoices that are looked at again', () => {
  const RECHECK = { step: 'invoice_fetch', ref: '8' } as const;

  test('each stands behind what somebody waits for, also of an account with nothing else', () => {
    const { planned, share } = rig();
    expect(share(planned([RECHECK]))).toEqual({ first: [], behind: ['fetch-invoice'], restMs: [] });
    expect(share(planned([INVOICE, RECHECK]))).toMatchObject({ first: ['fetch-invoice'] });
  });

  test('a fifth of the rate is theirs, and none of them takes the turn of a first fetch', () => {
    const { planned, share } = rig();
    const looks = share(...Array.from({ length: 3 }, () => planned([RECHECK])));
    expect(looks).toEqual({ first: [], behind: ['fetch-invoice'], restMs: [5_000, 10_000] });
    const fetches = share(...Array.from({ length: AHEAD }, () => planned([INVOICE])));
    expect(fetches.first).toHaveLength(AHEAD);
  });

  test('none is handed on while more than a few jobs of the account wait', () => {
    const { planned, share } = rig({ short: 1 });
    share(planned([INVOICE]));
    expect(share(planned([RECHECK]), planned([INVOICE]))).toMatchObject({
      behind: ['fetch-invoice'],
      restMs: [expect.any(Number)],
    });
  });
});
