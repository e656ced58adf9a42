import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { leaveOut } from '../servers/left-out.ts';

/** What is seen only where the kernel tells of processes in `/proc`. */
export function describeOnLinux(what: string, suite: () => void): void {
  if (existsSync('/proc/self/status')) describe(what, suite);
  else leaveOut({ what, why: 'this system has no /proc', remedy: 'run the tests on Linux' });
}
