/** Runs a service's own main, and says on SIGUSR2 which of our files were entered since the last time. */
import { Session } from 'node:inspector/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export async function runCovered(main: string): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  process.on('SIGUSR2', () => void say(session));
  await import(new URL(main, `file://${ROOT}`).href);
}

/** What is taken counts anew from here on: V8's coverage starts over each time it is read. */
async function say(session: Session): Promise<void> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const entered = result
    .filter(({ url, functions }) => isOurs(url) && functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0))
    .map(({ url }) => relative(ROOT, fileURLToPath(url)));
  console.log(JSON.stringify({ entered: entered.toSorted() }));
}

const isOurs = (url: string): boolean =>
  url.startsWith(`file://${ROOT}`) && !/\/node_modules\/|\/generated\/|\/testkit\//.test(url);
