/** The parts of the bootstrap that can go wrong between two processes. Plain JavaScript, hence loaded without types. */
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const { holderOf, tryLock, withLock } = await import(new URL('../bootstrap/lock.mjs', import.meta.url).href);
const { whatDidNotRun } = await import(new URL('../bootstrap/test.mjs', import.meta.url).href);

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lazada-sof-lock-'));
  file = join(dir, 'some/lock');
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A lock that another process left behind, written so long ago. */
function leftBehind({ pid, silentMs }: { pid: number; silentMs: number }): void {
  file = join(dir, 'lock');
  writeFileSync(file, String(pid));
  const then = new Date(Date.now() - silentMs);
  utimesSync(file, then, then);
}
const NOBODY = 2 ** 22 + 1;

describe('one at a time', () => {
  test('the second waits for the first, and says so once', async () => {
    const steps: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = withLock(file, () => gate.promise.then(() => steps.push('first')));
    const second = withLock(
      file,
      () => steps.push('second'),
      () => {
        steps.push('waits');
        gate.resolve();
      },
    );
    await Promise.all([first, second]);
    expect(steps).toEqual(['waits', 'first', 'second']);
  });

  test('who does not want to wait is told that somebody holds it', async () => {
    const inside = await withLock(file, async () => [await tryLock(file, () => 'done'), holderOf(file)]);
    expect(inside).toEqual([undefined, process.pid]);
  });

  test('it is given back also where the work fails', async () => {
    const failing = withLock(file, async () => {
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    ['of a process that is gone', { pid: NOBODY, silentMs: 2_000 }],
    ['of a process whose number somebody else has now', { pid: process.pid, silentMs: 11_000 }],
  ])('a lock %s is taken over', async (_whose, left) => {
    leftBehind(left);
    expect(await tryLock(file, () => 'done')).toBe('done');
  });

  test('a lock of a process that lives is not taken over', async () => {
    leftBehind({ pid: process.pid, silentMs: 2_000 });
    expect(await tryLock(file, () => 'done')).toBeUndefined();
  });
});

test('what did not run is told in one line a reason', () => {
  const noRedis = { why: 'no Redis', remedy: 'install one' };
  const noShell = { why: 'no sshd', remedy: 'install it' };
  expect(
    whatDidNotRun([
      { what: 'limits', ...noRedis },
      { what: 'SFTP', ...noShell },
      { what: 'jobs', ...noRedis },
    ]),
  ).toEqual([
    'DID NOT RUN HERE: limits, jobs; since no Redis. To run it: install one',
    'DID NOT RUN HERE: SFTP; since no sshd. To run it: install it',
  ]);
});
