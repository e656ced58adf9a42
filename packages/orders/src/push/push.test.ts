import { describe, expect, test } from '@jest/globals';
import { readPush } from './push.ts';

const message = (fields: object = {}, data: object = {}) =>
  JSON.stringify({
    ...{ seller_id: '1000214601', message_type: 0, timestamp: 1, site: 'lazada_sg', ...fields },
    data: {
      trade_order_id: '4001',
      trade_order_line_id: '5001',
      order_status: 'shipped',
      status_update_time: 7,
      ...data,
    },
  });

describe('a message', () => {
  test.each<[says: string, body: string, read: object]>([
    ['of an order', message(), { type: '0', orderNumber: '4001' }],
    [
      'whose ids are bare numbers beyond 2^53 keeps their digits',
      '{"message_type":0,"data":{"trade_order_id":40010000021460551}}',
      { orderNumber: '40010000021460551' },
    ],
    ['of another type that names an order', message({ message_type: 10 }), { type: '10', orderNumber: '4001' }],
    ['whose type is a text', message({ message_type: '14' }), { type: '14' }],
    ['without a type', '{"data":{}}', { type: 'none', orderNumber: null }],
    ['whose order is no number', message({}, { trade_order_id: "1' or '1" }), { orderNumber: null }],
    ['whose type is a story', message({ message_type: 'x'.repeat(900) }), { type: 'none' }],
    ['without data', '{"message_type":0}', { type: '0', orderNumber: null }],
    ['that is a list', '[1]', { type: 'unreadable', orderNumber: null }],
    ['that is no JSON', '{"message_type":', { type: 'unreadable', orderNumber: null }],
    ['that is empty', '', { type: 'unreadable' }],
    ['that is too deep', '['.repeat(100_000), { type: 'unreadable' }],
    ['with names of the language', '{"__proto__":{"message_type":0},"constructor":1}', { type: 'none' }],
  ])('%s', (_, body, read) => {
    expect(readPush(body)).toMatchObject(read);
  });
});

describe('two messages are the same', () => {
  const same = (one: string, other: string) => readPush(one).sameAs === readPush(other).sameAs;

  test.each<[says: string, other: string, is: boolean]>([
    ['whenever they are sent', message({ timestamp: 2 }), true],
    ['whatever their bytes', message().replaceAll('":', '" : '), true],
    ['with numbers for texts', message({ seller_id: 1000214601 }, { trade_order_id: 4001 }), true],
    ['not of another seller', message({ seller_id: '9' }), false],
    ['not of another type', message({ message_type: 14 }), false],
    ['not of another line', message({}, { trade_order_line_id: '5002' }), false],
    ['not of another status', message({}, { order_status: 'delivered' }), false],
    ['not of another time', message({}, { status_update_time: 8 }), false],
  ])('%s', (_, other, is) => {
    expect(same(message(), other)).toBe(is);
  });

  test('no two that cannot be read, unless they are', () => {
    expect(same('{', '[')).toBe(false);
    expect(same('{', '{')).toBe(true);
  });
});
