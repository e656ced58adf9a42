import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PINNED_NODE, ROOT } from './paths.mjs';

const HANDED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a script on the pinned Node in this terminal and answers its exit code. Signals are handed on: a supervisor's
 * reaches only us. With a channel between us the script knows when we are killed (`disconnect`).
 */
export function runNode(args, { env = {}, channel = false } = {}) {
  const stdio = ['inherit', 'inherit', 'inherit', ...(channel ? ['ipc'] : [])];
  const child = spawn(PINNED_NODE, args, { cwd: ROOT, stdio, env: { ...process.env, ...env } });
  for (const signal of HANDED_ON) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
