/** Whom foreign input is read as: nobody, where we may become it. A child of the same user reads its parent's environment. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type User = { readonly uid: number; readonly gid: number };

/** By agreement on every system that we run on. */
const NOBODY: User = { uid: 65534, gid: 65534 };

/** Null: it has to be the same user, since we are not root, or the program lies where nobody else can read it. */
export async function otherUser(program: string): Promise<User | null> {
  if (process.getuid?.() !== 0) return null;
  const reads = `require('node:fs').accessSync(${JSON.stringify(program)}, require('node:fs').constants.R_OK)`;
  return promisify(execFile)(process.execPath, ['-e', reads], { ...NOBODY, env: {}, cwd: '/' }).then(
    () => NOBODY,
    () => null,
  );
}
