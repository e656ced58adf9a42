/** What the project's scripts do, each on the pinned Node. Every command answers an exit code. */
import { readdir } from 'node:fs/promises';
import { check, format } from './check.mjs';
import { inProject } from './paths.mjs';
import { runNode } from './run.mjs';
import { settingsForSof } from './settings.mjs';
import { start } from './start.mjs';
import { test } from './test.mjs';
import { UserError } from './user-error.mjs';

export const commands = {
  start,
  test,
  check,
  format,
  sof: (args) => runNode([inProject('packages/cli/src/main.ts'), ...args], { env: settingsForSof() }),
  bench,
  fuzz: (args) => runNode([inProject('packages/testkit/fuzz/run.ts'), ...args]),
};

/** What is no bench itself: all of them in a row, and drawings of what they told. */
const AROUND_BENCHES = ['all', 'charts'];

/** `npm run bench -- NAME …` runs one of packages/testkit/bench. */
async function bench([name, ...args]) {
  const folder = inProject('packages/testkit/bench');
  if (AROUND_BENCHES.includes(name)) return runNode([`${folder}/${name}.ts`, ...args]);
  const files = await readdir(folder);
  const names = files.filter((file) => file.endsWith('.bench.ts')).map((file) => file.replace('.bench.ts', ''));
  if (!names.includes(name)) throw new UserError(`Say which bench: ${[...AROUND_BENCHES, ...names].join(', ')}.`);
  return runNode([`${folder}/${name}.bench.ts`, ...args]);
}
