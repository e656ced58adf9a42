import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
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
  const { log, written } = logTo({ secrets: ['postgresql://u:planted-1@h/d'] });
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
