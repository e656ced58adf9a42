import { expect, test } from '@jest/globals';
import { drawSummary, type OrderOutcome } from './once.ts';

const outcome = (given: Partial<OrderOutcome>): OrderOutcome => ({
  account: 'demo-sg',
  orderNumber: '1',
  status: 'delivered',
  confirmed: true,
  invoice: 'a.pdf',
  onTarget: true,
  ...given,
});

test('one line an account', () => {
  expect(drawSummary([outcome({}), outcome({ orderNumber: '2' }), outcome({ account: 'th' })])).toBe(
    [
      'account  orders  delivered  confirmed  invoice on target',
      'demo-sg  2       2          2          2',
      'th       1       1          1          1',
    ].join('\n'),
  );
});

test('each order that is not done is named, with what is missing', () => {
  expect(drawSummary([outcome({ orderNumber: '9', status: 'shipped', confirmed: false, onTarget: false })])).toContain(
    'NOT done: demo-sg 9 is shipped, not confirmed, invoice not on the target',
  );
});
