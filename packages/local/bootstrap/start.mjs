import { rmSync } from 'node:fs';
import { holderOf, tryLock } from './lock.mjs';
import { inProject } from './paths.mjs';
import { runNode } from './run.mjs';
import { UserError } from './user-error.mjs';

const run = (folder, args) =>
  runNode([inProject('packages/local/src/start/main.ts'), folder, ...args], { channel: true });

/** One demonstration at a time keeps its state in `.local/`. A run of `--once` is a world of its own, any number of them. */
export const start = (args) => (args.includes('--once') ? once(args) : live(args));

async function live(args) {
  const lock = inProject('.local/start.lock');
  const code = await tryLock(lock, () => run(inProject('.local'), args));
  if (code === undefined)
    throw new UserError(
      `npm start runs here already (process ${holderOf(lock)}). Use what it shows, or stop it first with Ctrl-C.`,
    );
  return code;
}

async function once(args) {
  const code = await tryLock(inProject('.local/once.lock'), () => run(inProject('.local/once'), args));
  return code ?? another(args);
}

async function another(args) {
  const folder = inProject(`.local/once-${process.pid}`);
  try {
    return await run(folder, args);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
