import { spawn } from 'node:child_process';
import { inProject, PINNED_NODE, ROOT } from './paths.mjs';
import { UserError } from './user-error.mjs';

/** Needs no network. Quiet unless it fails. */
export async function generateClient() {
  const child = spawn(PINNED_NODE, [inProject('packages/db/generate.mjs')], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new UserError(`The database client could not be made from prisma/schema.prisma:\n${output}`);
}
