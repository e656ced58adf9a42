import { describe, expect, test } from '@jest/globals';
import type { TroubledOrder } from './numbers.ts';
import { troublesOf } from './trouble.ts';

const order = (given: Partial<TroubledOrder>): TroubledOrder => ({
  account: 'demo-sg',
  orderNumber: '1001',
  orderId: '7',
  kind: 'held',
  what: 'conflict',
  detail: null,
  dueAt: null,
  ...given,
});

describe('what went wrong, and what heals it', () => {
  test.each([
    [
      'a hold that ends by itself',
      order({ what: 'awaiting_tracking' }),
      'is held: awaiting tracking',
      'itself, once Lazada tells',
    ],
    ['a hold that a person ends', order({ what: 'conflict' }), 'is held: conflict', 'where order_id = 7'],
    ['a hold that nobody has told us of', order({ what: 'new_one' }), 'is held: new one', 'order explain'],
    [
      'a step given up',
      order({ kind: 'blocked', what: 'shipped', detail: 'refused' }),
      'shipped given up, refused',
      'order release demo-sg 1001',
    ],
    [
      'a step that is looked at again',
      order({ kind: 'waits', what: 'invoice_fetch', detail: 'not issued yet', dueAt: new Date(2026, 0, 1, 12, 5) }),
      'order demo-sg 1001: not issued yet',
      'itself, looked at again at 12:05:00',
    ],
  ])('%s', (_sentence, given, what, heals) => {
    expect(troublesOf({ accounts: [], orders: [given] })).toEqual([
      { what: expect.stringContaining(what), heals: expect.stringContaining(heals) },
    ]);
  });

  test('a parked account comes first, with its reason', () => {
    const accounts = [{ account: 'demo-th', status: 'auth_failed', reason: 'login refused' }];
    const [first] = troublesOf({ accounts, orders: [order({})] });
    expect(first?.what).toBe('account demo-th is parked (auth_failed): login refused');
  });
});
