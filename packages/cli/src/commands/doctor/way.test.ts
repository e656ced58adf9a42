import { expect, test } from '@jest/globals';
import { wayFindings } from './way.ts';

const settings = (database: string, queue: string) => ({
  database: { url: database },
  queue: { url: queue, prefix: 'x' },
});

test('servers beyond this machine without TLS are told, by their settings and without their passwords', () => {
  const findings = wayFindings(settings('postgres://u:canary@db.example/d', 'redis://:canary@10.0.0.5'));
  expect(findings).toEqual([
    {
      check: 'way (DATABASE_URL)',
      ok: true,
      warn: true,
      detail: expect.stringContaining('without TLS'),
      fix: expect.stringContaining('sslmode=verify-full'),
    },
    {
      check: 'way (QUEUE_URL)',
      ok: true,
      warn: true,
      detail: expect.stringContaining('without TLS'),
      fix: expect.stringContaining('rediss://'),
    },
  ]);
  expect(JSON.stringify(findings)).not.toContain('canary');
});

test('with TLS, on this machine, and of what is not set there is nothing to tell', () => {
  expect(wayFindings(settings('postgres://u:p@db.example/d?sslmode=verify-full', 'rediss://:p@10.0.0.5'))).toEqual([]);
  expect(wayFindings(settings('postgres://u:p@127.0.0.1/d', 'redis://:p@localhost'))).toEqual([]);
  expect(wayFindings({})).toEqual([]);
});
