import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { rememberSecrets } from '@lazada-sof/redact';
import { createLogger, type LoggerOptions } from './logger.ts';

function logTo(options: Partial<LoggerOptions>) {
  const stream = new PassThrough();
  const log = createLogger({ service: 'api', level: 'info', format: 'json', stream, ...options });
  return { log, written: () => String(stream.read() ?? '') };
}

test('a line is one JSON object with time, level, service and message', () => {
  const { log, written } = logTo({});
  log.info('done', { order: 'lazada/123', attempt: 2 });
  const line = JSON.parse(written());
  expect(line).toMatchObject({ level: 'info', service: 'api', message: 'done', order: 'lazada/123', attempt: 2 });
  expect(new Date(line.at).toISOString()).toBe(line.at);
});

test('what is less important than the level is left out', () => {
  const { log, written } = logTo({ level: 'warn' });
  log.info('quiet');
  log.warn('loud');
  expect(written()).toMatch(/^[^\n]*loud[^\n]*\n$/);
});

test('no secret gets through: message, field, error, child, planted value', () => {
  const { log, written } = logTo({});
  rememberSecrets(['planted-1']);
  log.error('at sign=x?sign=canary-1', { error: new Error('postgresql://u:canary-2@h'), cookie: 'canary-3' });
  log.child({ accessToken: 'canary-4' }).info('told planted-1');
  log.error('thrown', new Error('?access_token=canary-5'));
  const lines = written();
  expect(lines.match(/\n/g)).toHaveLength(3);
  expect(lines).not.toMatch(/canary|planted-1/);
});

test('for people a line begins with the time and ends with its fields', () => {
  const { log, written } = logTo({ format: 'pretty' });
  log.warn('retried in 2 s', { order: 'lazada/123', reason: 'no answer', error: new Error('reset') });
  expect(written()).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} warn {2}api {2}retried in 2 s order=lazada\/123 reason="no answer" error=\nError: reset\n {4}at /,
  );
});

test('a line that the level drops costs nothing: what it would say is not even read', () => {
  const { log, written } = logTo({ level: 'warn' });
  const read: string[] = [];
  const field = (level: string) => ({
    get answer() {
      read.push(level);
      return 'x';
    },
  });
  log.info('dropped', { error: field('info') });
  log.warn('told', { error: field('warn') });
  expect(written()).toContain('told');
  expect(read).toEqual(['warn']);
});

describe.each(['json', 'pretty'] as const)('what reaches a terminal steers none (%s)', (form) => {
  test.each([
    ['a colour', '\u001b[31m'],
    ['a title of the window', '\u001b]0;x\u0007'],
    ['the same in one character', '\u009d'],
    ['a line written over', '\r'],
    ['a backspace', '\b'],
    ['letters from right to left', '\u202e'],
    ['a direction that stays', '\u2067'],
    ['a separator of lines', '\u2028'],
  ])('%s', (_, steering) => {
    const { log, written } = logTo({ format: form });
    log.warn(`refused: ${steering}x`, { reason: `${steering}y`, [`z${steering}`]: 1, error: new Error(steering) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(written()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
  });
});

test('words of others pass for no line of the log', () => {
  const { log, written } = logTo({ format: 'pretty' });
  const forged = '12:00:00.000 error api  everything is lost';
  log.warn(`Lazada said: no\n${forged}`, { error: new Error(`no\n${forged}`) });
  expect(
    written()
      .split('\n')
      .filter((line) => line.startsWith('12:00')),
  ).toEqual([]);
});
