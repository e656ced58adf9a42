/** Looks again and again, beside whatever the test is busy with. */
import { readdirSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const EVERY_MS = 20;
const { pid, addUp } = workerData as { pid: number; addUp: boolean };
let largestChild = 0;
let together = 0;

function look(): void {
  const below = descendantsOf(pid);
  largestChild = Math.max(largestChild, ...below.map((one) => megabytes(one, 'status', 'VmHWM')));
  if (!addUp) return;
  together = Math.max(together, sum([pid, ...below].map((one) => megabytes(one, 'smaps_rollup', 'Pss'))));
}

const timer = setInterval(look, EVERY_MS);
parentPort?.once('message', () => {
  clearInterval(timer);
  look();
  parentPort?.postMessage({ largestChild, together });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function descendantsOf(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(/\) \S (\d+)/.exec(textOf(name, 'stat'))?.[1])] as const);
  const below = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)]);
  return below(root);
}

function megabytes(one: number, file: string, line: string): number {
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(textOf(one, file))?.[1] ?? 0) / 1024;
}

/** Empty where it has ended meanwhile. */
function textOf(one: string | number, file: string): string {
  try {
    return readFileSync(`/proc/${one}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
