import { describe, expect, test } from '@jest/globals';
import { openLogBuffer } from './log-buffer.ts';

describe('the log of a service', () => {
  test('finds a line that was there before', async () => {
    const log = openLogBuffer('x.log');
    log.write('{"level":"info","message":"starting","healthPort":1234}');
    expect(await log.find((line) => line.healthPort !== undefined)).toMatchObject({ healthPort: 1234 });
  });

  test('finds a line that comes later', async () => {
    const log = openLogBuffer('x.log');
    const found = log.find((line) => line.message === 'done');
    log.write('{"message":"begun"}');
    log.write('{"message":"done","order":"5"}');
    expect(await found).toMatchObject({ order: '5' });
  });

  test('says in which file the line is missing', async () => {
    const missing = openLogBuffer('x.log').find(() => true, 10);
    await expect(missing).rejects.toThrow('no such line in x.log within 0.01 s');
  });

  test.each([
    ['a line that is no JSON is a message', 'plain words', { message: 'plain words' }],
    ['a bare JSON value is a message too', '42', { message: '42' }],
  ])('%s', (_sentence, written, expected) => {
    const log = openLogBuffer('x.log');
    log.write(written);
    expect(log.lines()).toEqual([expected]);
  });
});
