import { describe, expect, test } from '@jest/globals';
import { readJob } from '../worker/read-job.ts';
import { toOrderUpdate } from './payload.ts';

const SENT = { v: 1, account: 'demo-sg', orderNumber: '400100000214683' };
const read = (data: unknown) => readJob('order-update', 'update-order', data);

describe('an update that is', () => {
  test.each<{ says: string; data: unknown; mistakes: RegExp[] }>([
    {
      says: 'junk names every mistake',
      data: { v: 1, orderNumber: 400100000214683, status: 'deliverd', occurredAt: 'yesterday', wieght: 3 },
      mistakes: [
        /^account: it is missing$/,
        /^orderNumber: write it as text, in quotes$/,
        /^status: write one of ready_to_ship, shipped, delivered, not_delivered, release, withdraw$/,
        /^occurredAt: write a time with its offset/,
        /^the payload: .*wieght/,
      ],
    },
    { says: 'no object says so', data: 'delivered', mistakes: [/^the payload: write an object$/] },
    { says: 'of no version names it', data: { ...SENT, v: undefined }, mistakes: [/^v: write 1$/] },
    {
      says: 'with a field that nobody knows names it',
      data: { ...SENT, wieght: 3 },
      mistakes: [/^the payload: there is no field wieght; leave it out/],
    },
    {
      says: 'without an order number says to write it',
      data: { ...SENT, orderNumber: '' },
      mistakes: [/^orderNumber: it is empty; write it$/],
    },
    {
      says: 'without an offset says how to write it',
      data: { ...SENT, occurredAt: '2026-03-14T15:09:26' },
      mistakes: [/offset/],
    },
    { says: 'of a day alone says how to write it', data: { ...SENT, occurredAt: '2026-03-14' }, mistakes: [/offset/] },
    { says: 'of a day that there is not', data: { ...SENT, occurredAt: '2026-02-30T00:00:00Z' }, mistakes: [/offset/] },
    {
      says: 'of a year that cannot be stored',
      data: { ...SENT, occurredAt: '0000-01-01T00:00:00Z' },
      mistakes: [/offset/],
    },
    {
      says: 'with a NUL is refused',
      data: { ...SENT, reason: 'nobody\0home' },
      mistakes: [/^reason: .*cannot be stored/],
    },
    {
      says: 'with half a letter is refused',
      data: { ...SENT, requestId: 'r-\ud83d' },
      mistakes: [/^requestId: .*stored/],
    },
    {
      says: 'with an empty id is refused',
      data: { ...SENT, packageId: '' },
      mistakes: [/^packageId: it is empty; leave it out$/],
    },
    {
      says: 'with a long reason is refused',
      data: { ...SENT, reason: 'x'.repeat(1_001) },
      mistakes: [/more than 1000/],
    },
    {
      says: 'of a year that an offset takes to one that cannot be stored',
      data: { ...SENT, occurredAt: '0001-01-01T00:00:00+08:00' },
      mistakes: [/offset/],
    },
    { says: 'with null is refused', data: { ...SENT, carrier: null }, mistakes: [/^carrier: write it as text/] },
  ])('$says', ({ data, mistakes }) => {
    const found = read(data);
    const told = 'mistakes' in found ? found.mistakes : [];
    expect(told).toHaveLength(mistakes.length);
    for (const [position, mistake] of mistakes.entries()) expect(told[position]).toMatch(mistake);
  });

  test('with as many letters as are allowed is read, whatever letters they are', () => {
    expect(read({ ...SENT, reason: '😀'.repeat(1_000) })).toMatchObject({ name: 'update-order' });
    expect(read({ ...SENT, reason: '😀'.repeat(1_001) })).toMatchObject({
      mistakes: ['reason: it has more than 1000 characters; shorten it'],
    });
  });

  test.each([
    '2026-03-14T15:09:26+08:00',
    '2026-03-14T07:09:26Z',
    '2026-03-14T07:09:26.000Z',
    '2026-03-14T15:09:26.000000+08:00',
  ])('told with %s is read', (occurredAt) => {
    expect(read({ ...SENT, occurredAt })).toMatchObject({ data: { occurredAt } });
    expect(toOrderUpdate({ occurredAt })).toEqual({ occurredAt: new Date('2026-03-14T07:09:26Z') });
  });

  test.each<{ says: string; data: unknown; about?: string }>([
    { says: 'that names its order', data: { ...SENT, status: 'x' }, about: 'demo-sg/400100000214683' },
    { says: 'that is nothing else', data: { account: 'a', orderNumber: '1' }, about: 'a/1' },
    { says: 'with a number for a text', data: { ...SENT, orderNumber: 4 } },
    { says: 'that is no object', data: null },
  ])('$says is called so', ({ data, about }) => {
    const found = read(data);
    expect('mistakes' in found ? found.about : 'read').toBe(about);
  });

  test('that is a megabyte of mistakes is told in a few words, none of which steers a terminal', () => {
    const fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`\u001b[2J${at}`, at]));
    const found = read({ ...SENT, status: 'delivered', ...fields });
    const told = 'mistakes' in found ? found.mistakes.join('; ') : '';
    expect(told).toContain('[2J0');
    expect([told.length < 1_000, /\p{Cc}/u.test(told)]).toEqual([true, false]);
  });

  test('given up by a worker, which marked it, is read again', () => {
    expect(read({ ...SENT, status: 'delivered', force: true })).toMatchObject({ name: 'update-order' });
  });
});
