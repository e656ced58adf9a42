/** Runs the demonstration of `npm start`: `main.ts FOLDER [--once] [--fresh]`. The bootstrap starts it. */
import { styleText } from 'node:util';
import { queueUrlFromEnv } from '../machine/environment.ts';
import { removeDataFolder } from '../postgres/data-folder.ts';
import { type Children, openChildren } from '../processes/children.ts';
import { NotStarted } from '../processes/worker.ts';
import { type Arguments, readArguments, USAGE } from './arguments.ts';
import { runLive } from './live.ts';
import { runOnce } from './once.ts';
import { seed } from './seed.ts';
import { startDemo } from './start-demo.ts';
import { deleteState, missingState, publishSettings } from './state.ts';

const begun = Date.now();
const USAGE_ERROR = 2;
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const args = argumentsOrNull();
  if (!args || args.help) {
    console.log(USAGE);
    return args ? 0 : USAGE_ERROR;
  }
  const children = openChildren();
  const stopped = stopSignal();
  stopped.addEventListener('abort', () => void children.stop());
  try {
    return await demonstrate(args, children, stopped);
  } catch (error) {
    if (stopped.aborted) return args.once ? INTERRUPTED : 0; // what was under way broke off, as it should
    throw error;
  } finally {
    await children.stop();
  }
}

async function demonstrate({ dir, once, fresh }: Arguments, children: Children, stopped: AbortSignal): Promise<number> {
  const say = (words: string) => console.log(styleText('dim', words));
  const lost = missingState(dir);
  if (lost && !once && !fresh) say(`Of an earlier start ${lost} is missing: beginning anew.`);
  if (lost || once || fresh) deleteState(dir);
  const demo = await startDemo({
    children,
    dir,
    queueUrl: queueUrlFromEnv(),
    say,
    seed,
    // Nobody opens a page of a run that ends by itself.
    ...(!once && { apiPort: 8080 }),
  });
  const unpublish = publishSettings(dir, demo.system.env);
  try {
    if (!once) return await runLive(demo, dir, stopped).then(() => 0);
    return (await runOnce(demo, begun, stopped)) ? 0 : 1;
  } finally {
    unpublish();
    await demo.closePools();
    await children.stop();
    if (once) removeDataFolder(dir);
  }
}

function argumentsOrNull(): Arguments | null {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return null;
  }
}

/** Aborted by Ctrl-C, a supervisor, a closed terminal, or the end of the bootstrap that started us. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  process.on('disconnect', () => stop.abort());
  return stop.signal;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof NotStarted ? error.message : error);
    process.exit(1);
  },
);
