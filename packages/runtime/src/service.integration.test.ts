import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';

const FIXTURE = new URL('./service.fixture.ts', import.meta.url).pathname;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

type Line = Record<string, unknown>;

/** The fixture as a process of its own, with its log lines and its end. */
function run(faults: readonly string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [FIXTURE, ...faults], {
    env: { HEALTH_PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: Line[] = [];
  const waiting = new Map<string, (line: Line) => void>();
  createInterface({ input: child.stdout }).on('line', (raw) => {
    const line: Line = JSON.parse(raw);
    lines.push(line);
    waiting.get(String(line.message))?.(line);
  });
  return {
    child,
    lines,
    errors: text(child.stderr),
    ended: once(child, 'close').then(([code]) => code as number | null),
    says: (message: string): Promise<Line> =>
      new Promise((resolve) => {
        const said = lines.find((line) => line.message === message);
        if (said) resolve(said);
        else waiting.set(message, resolve);
      }),
  };
}

async function started(faults: readonly string[] = []) {
  const service = run(faults);
  const { healthPort } = await service.says('starting');
  await service.says('started');
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${healthPort}${path}`);
    return { status: response.status, body: await response.text() };
  };
  return { ...service, get };
}

describe('a service in good health', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('finishes what it holds on %s and exits 0', async (signal) => {
    const { child, ended, lines } = await started();
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(lines.map((line) => line.message)).toEqual([
      'starting',
      'started',
      `closing on ${signal}`,
      'told to close',
      'finished what was held',
      'closed',
    ]);
  });

  test('serves livez, readyz and metrics, and nothing else', async () => {
    const { get } = await started();
    expect(await get('/livez')).toEqual({ status: 200, body: '{"live":true}' });
    expect(await get('/readyz')).toEqual({ status: 200, body: '{"database":true}' });
    expect((await get('/metrics')).body).toContain('process_cpu_seconds_total');
    expect((await get('/')).status).toBe(404);
  });

  test('what it says in words is no hindrance, and is logged at the start', async () => {
    const { get, says } = await started(['migrates']);
    await says('about 41 %');
    expect(await get('/readyz')).toEqual({ status: 200, body: '{"database":true,"backfill":"about 41 %"}' });
  });

  test('is not ready any more while it closes', async () => {
    const { child, get, says } = await started(['lingers']);
    child.kill('SIGTERM');
    await says('told to close');
    expect(await get('/readyz')).toEqual({ status: 503, body: '{"closing":false}' });
  });
});

test('servers beyond this machine without TLS are told once in the log, and start it all the same', async () => {
  const env = { DATABASE_URL: 'postgres://u:canary@db.example/d', QUEUE_URL: 'redis://:canary@10.0.0.5' };
  const { says, lines } = run(['servers'], env);
  await says('started');
  const warnings = lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  expect(warnings).toEqual([
    expect.stringMatching(/^DATABASE_URL leads beyond this machine without TLS/),
    expect.stringMatching(/^QUEUE_URL leads beyond this machine without TLS/),
  ]);
  expect(JSON.stringify(lines)).not.toContain('canary');
});

describe('a service in trouble', () => {
  test.each([
    ['a part that cannot be reached makes it not ready', 'no-database', '/readyz', '{"database":false}'],
    ['a check that breaks makes it not ready', 'ready-throws', '/readyz', '{"answered":false}'],
    ['a check that hangs makes it not ready', 'ready-hangs', '/readyz', '{"inTime":false}'],
    ['no progress makes it not live, so that it is started anew', 'stuck', '/livez', '{"live":false}'],
  ])('%s', async (_, fault, path, body) => {
    const { get } = await started([fault]);
    expect(await get(path)).toEqual({ status: 503, body });
  });

  test('exits 1 at the deadline when it cannot finish', async () => {
    const { child, ended, lines } = await started(['hangs']);
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', message: expect.stringContaining('not closed after 0.2 s') });
  });

  test.each([
    ['it cannot start', 'no-start', 'could not start'],
    ['a promise fails that nobody awaits', 'stray', 'unhandled rejection'],
    [
      'nothing moves although there is work',
      'stuck-for-long',
      'nothing moves although there is work: exiting, to be started anew',
    ],
  ])('says so and exits 1 when %s', async (_, fault, message) => {
    const { ended, lines } = run([fault]);
    expect(await ended).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', message });
    expect(JSON.stringify(lines)).not.toContain('canary');
  });
});

describe('wrong settings stop the start with exit code 78', () => {
  test('and one line per mistake, nothing else', async () => {
    const { ended, errors, lines } = run([], { SWEEP_INTERVAL: 'often', LOG_LEVEL: 'loud' });
    expect(await ended).toBe(78);
    expect((await errors).trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^SWEEP_INTERVAL="often"/),
      expect.stringMatching(/^LOG_LEVEL="loud"/),
    ]);
    expect(lines).toEqual([]);
  });

  test('so does an address beyond this machine in clear text', async () => {
    const { ended, errors, lines } = run(['target'], { INVOICE_TARGET_URL: 'ftp://u:canary@files.example.com/in' });
    expect(await ended).toBe(78);
    expect(await errors).toMatch(/^INVOICE_TARGET_URL \(not shown\) cannot be used: .*ALLOW_PLAINTEXT=true\n$/);
    expect([await errors, lines].join()).not.toContain('canary');
  });

  test('so does a health port that somebody else has', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { ended, errors } = run([], { HEALTH_PORT: String(port) });
    expect(await ended).toBe(78);
    expect(await errors).toMatch(new RegExp(`^HEALTH_PORT=${port} cannot be served`));
    other.close();
  });
});
