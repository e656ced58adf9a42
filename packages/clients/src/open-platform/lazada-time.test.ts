import { expect, test } from '@jest/globals';
import { parseLazadaTime } from './lazada-time.ts';

test.each([
  ['2024-05-01T10:00:00+08:00', '2024-05-01T02:00:00.000Z'],
  ['2024-05-01T10:00:00+0800', '2024-05-01T02:00:00.000Z'],
  ['2024-05-01T02:00:00Z', '2024-05-01T02:00:00.000Z'],
  ['2024-05-01T02:00:00.250Z', '2024-05-01T02:00:00.250Z'],
  ['2024-05-01 10:00:00 +0800', '2024-05-01T02:00:00.000Z'],
  ['1714528800000', '2024-05-01T02:00:00.000Z'],
  ['1714528800', '2024-05-01T02:00:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(parseLazadaTime(text)?.toISOString()).toBe(expected);
});

test.each(['', '2024-05-01 10:00:00', '2024-13-01T10:00:00Z', 'yesterday', '99999999999999999999'])(
  '"%s" is no time',
  (text) => {
    expect(parseLazadaTime(text)).toBeNull();
  },
);
