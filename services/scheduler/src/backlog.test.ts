import { expect, test } from '@jest/globals';
import { createBacklog } from './backlog.ts';

type Claim = { orderId: string; accountId: string };

function rig() {
  const touched = new Set<string>();
  const asked: string[][] = [];
  const backlog = createBacklog<Claim>({
    untouched: async (claims) => {
      asked.push(claims.map(({ orderId }) => orderId));
      return claims.filter(({ orderId }) => !touched.has(orderId));
    },
    short: 2,
    full: 4,
  });
  const of = (orderId: string, accountId = '7'): Claim => ({ orderId, accountId });
  const handOn = (...orderIds: string[]) => {
    for (const orderId of orderIds) backlog.handedOn(of(orderId), 'status-sync');
  };
  const isShort = (claim = of('new')) => backlog.isShort(claim, 'status-sync');
  const isFull = (claim = of('new')) => backlog.isFull(claim, 'status-sync');
  return { backlog, touched, asked, of, handOn, isShort, isFull };
}

test('an account of which little waits goes first, until it has its share', () => {
  const { handOn, isShort, isFull } = rig();
  expect([isShort(), isFull()]).toEqual([true, false]);
  handOn('1', '2');
  expect([isShort(), isFull()]).toEqual([false, false]);
  handOn('3', '4');
  expect([isShort(), isFull()]).toEqual([false, true]);
});

test('other accounts and other queues are none the fuller', () => {
  const { backlog, of, handOn, isShort } = rig();
  handOn('1', '2', '3', '4');
  expect(isShort(of('9', '8'))).toBe(true);
  expect(backlog.isFull(of('9'), 'tracking-fetch')).toBe(false);
});

test('what was taken up makes room', async () => {
  const { backlog, touched, of, handOn, isShort, isFull } = rig();
  handOn('1', '2', '3', '4');
  touched.add('2');
  await backlog.recount([of('9')]);
  expect(isFull()).toBe(false);
  for (const orderId of ['1', '3', '4']) touched.add(orderId);
  await backlog.recount([of('9')]);
  expect(isShort()).toBe(true);
});

test('an order that waits there already takes no more room', () => {
  const { of, handOn, isFull } = rig();
  handOn('1', '2', '3', '4');
  expect(isFull(of('1'))).toBe(false);
  handOn('1');
  expect(isFull()).toBe(true);
});

test('the rows are asked only where it looks like many', async () => {
  const { backlog, asked, of, handOn } = rig();
  handOn('1');
  await backlog.recount([of('9'), of('9', '8')]);
  expect(asked).toEqual([]);
  handOn('2');
  await backlog.recount([of('9', '8')]);
  expect(asked).toEqual([]);
  await backlog.recount([of('8'), of('9')]);
  expect(asked).toEqual([['1', '2']]);
});

test('one that is claimed again since its lease ended waits there still', async () => {
  const { backlog, touched, of, handOn, isFull } = rig();
  handOn('1', '2', '3', '4');
  for (const orderId of ['1', '2', '3', '4']) touched.add(orderId);
  const again = of('1');
  touched.delete('1');
  await backlog.recount([again]);
  expect(isFull()).toBe(false);
  handOn('5', '6', '7');
  expect(isFull()).toBe(true);
});
