import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ChildOptions, type Children, openChildren } from './children.ts';
import { until } from './until.ts';

let dir: string;
let children: Children;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lazada-sof-children-'));
  children = openChildren();
});
afterEach(async () => {
  await children.stop();
  rmSync(dir, { recursive: true });
});

const shell = (name: string, script: string, more: Partial<ChildOptions> = {}): ChildOptions => ({
  name,
  stage: 'service',
  command: '/bin/sh',
  args: ['-c', script],
  env: { PATH: '/usr/bin:/bin' },
  logFile: join(dir, `${name}.log`),
  ...more,
});

/** Says its name into one file when it is told to end, whatever the signal. */
const teller = (name: string, stage: ChildOptions['stage'], delay = '0') =>
  shell(
    name,
    `trap 'sleep ${delay}; echo ${name} >> ${dir}/order; exit 0' TERM INT; echo up; while :; do sleep 0.05; done`,
    { stage },
  );

/** Started and ready for signals. */
async function startTeller(...given: Parameters<typeof teller>) {
  const up = Promise.withResolvers<void>();
  const child = await children.start({ ...teller(...given), onLine: () => up.resolve() });
  await up.promise;
  return child;
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // Where nobody reaps them, the dead stay listed.
    return !/^\d+ \([^)]*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('children', () => {
  test('what one prints goes line by line to its log and to the listener', async () => {
    const lines: string[] = [];
    const child = await children.start(
      shell('printer', 'echo one; echo two >&2', { onLine: (line) => lines.push(line) }),
    );
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(lines.sort()).toEqual(['one', 'two']);
    expect(readFileSync(join(dir, 'printer.log'), 'utf8').split('\n').sort()).toEqual(['', 'one', 'two']);
  });

  test('one that cannot be started says which and why', async () => {
    const broken = children.start({ ...shell('ghost', ''), command: '/no/such/program' });
    await expect(broken).rejects.toThrow(/ghost could not be started.*ENOENT/);
  });

  test('services end before the queue, the queue before the database', async () => {
    await startTeller('database', 'database');
    await startTeller('queue', 'queue');
    await startTeller('service', 'service', '0.3');
    await children.stop();
    expect(readFileSync(join(dir, 'order'), 'utf8')).toBe('service\nqueue\ndatabase\n');
  });

  test('nothing is started while all are being stopped', async () => {
    await children.stop();
    await expect(children.start(shell('late', ''))).rejects.toThrow('late is not started: all are being stopped');
  });

  test('what a killed one has started itself goes with it', async () => {
    const grandchild = Promise.withResolvers<number>();
    const child = await children.start(
      shell('parent', 'sleep 60 & echo $!; wait', { onLine: (line) => grandchild.resolve(Number(line)) }),
    );
    const pid = await grandchild.promise;
    await child.kill('SIGKILL');
    await until(() => !isAlive(pid), { what: 'the grandchild ends', withinMs: 20_000 });
  });

  test('all end, in order, and leave no folder that shall not stay, when this process is killed', async () => {
    mkdirSync(join(dir, 'not to stay'));
    const parent = spawn(process.execPath, [new URL('./children.fixture.ts', import.meta.url).pathname, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const pids = JSON.parse(line) as number[];
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await until(() => !pids.some(isAlive), { what: 'both end', withinMs: 30_000 });
    expect(readFileSync(join(dir, 'order'), 'utf8')).toBe('service\ndatabase\n');
    await until(() => !existsSync(join(dir, 'not to stay')), { what: 'the folder goes', withinMs: 20_000 });
  });
});
