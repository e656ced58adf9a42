import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { describeOnLinux } from '@lazada-sof/testkit';
import { sumBelow, watchMemory } from './memory-watch.ts';

test('a process counts with all that it has started, and what those have', () => {
  const all = [
    { pid: 1, parent: 0, bytes: 1 },
    { pid: 2, parent: 1, bytes: 10 },
    { pid: 3, parent: 2, bytes: 100 },
    { pid: 4, parent: 1, bytes: 1_000 },
    { pid: 5, parent: 9, bytes: 10_000 },
  ];
  expect([sumBelow(1, all), sumBelow(2, all), sumBelow(7, all)]).toEqual([1_111, 110, 0]);
});

describeOnLinux('a watch', () => {
  const taking = (megabytes: number) =>
    `const kept = Buffer.alloc(${megabytes} * 1024 * 1024, 1); process.stdout.write('there'); setInterval(() => kept, 1000)`;

  test('notices what a child of its process takes', async () => {
    const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(taking(200))}], { stdio: ['pipe', 'inherit', 'inherit'] }).on('exit', () => process.exit())`;
    const parent = spawn(process.execPath, ['-e', child], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = parent.pid ?? 0;
    try {
      await once(parent.stdout, 'data');
      await new Promise<void>((onPassed) => watchMemory({ pid, mostBytes: 150 * 1024 * 1024, onPassed }));
    } finally {
      process.kill(-pid, 'SIGKILL');
    }
  });
});
