/**
 * The cell in which foreign paper is opened: as a user that owns nothing, in a network without a way out, within limits. A
 * machine may not give all of it; then it is the best cell that works here, and what it lacks is said.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

export type User = { readonly uid: number; readonly gid: number };

export type Cell = {
  /** Null: our own. A child of the same user reads its parent's environment. */
  readonly user: User | null;
  readonly ownNetwork: boolean;
  /** By the kernel, for each of its processes. */
  readonly limited: boolean;
};

/** Programs of util-linux, by their paths: an empty environment has no PATH. */
export type Tools = Readonly<Partial<Record<'prlimit' | 'unshare' | 'setpriv', string>>>;

/** Nobody's: `nobody` (65534) is whoever else wanted to own nothing, a local PostgreSQL of root's among them. */
const STRANGER: User = { uid: 65533, gid: 65533 };
/** For Chromium; the process that reads PDFs lowers it for itself. With less Node does not start. */
const DATA_BYTES = 1.5 * 1024 ** 3;

/** The best first. */
export function cellsFor({ isRoot, tools }: { isRoot: boolean; tools: Tools }): readonly Cell[] {
  const users = isRoot ? [STRANGER, null] : [null];
  const all = users.flatMap((user) =>
    [true, false].flatMap((ownNetwork) => [true, false].map((limited) => ({ user, ownNetwork, limited }))),
  );
  // Whoever is root goes back into any network.
  const isWall = ({ user, ownNetwork }: Cell) => !ownNetwork || !isRoot || user !== null;
  const hasTools = ({ ownNetwork, limited }: Cell) =>
    (!ownNetwork || (tools.unshare && tools.setpriv)) && (!limited || tools.prlimit);
  return all.filter((cell) => isWall(cell) && hasTools(cell));
}

export type Command = { readonly file: string; readonly args: readonly string[]; readonly user: User | null };

/** How `command` is started in it. Each program in front of it becomes the next, so that it is our child itself. */
export function commandIn(cell: Cell, command: readonly string[], tools: Tools): Command {
  const [file = '', ...args] = [...limits(cell, tools), ...network(cell, tools), ...command];
  return { file, args, user: cell.ownNetwork ? null : cell.user };
}

const limits = ({ limited }: Cell, { prlimit = '' }: Tools): readonly string[] =>
  limited ? [prlimit, '--core=0', `--data=${DATA_BYTES}`, '--'] : ['/bin/sh', '-c', 'ulimit -c 0; exec "$@"', 'sh'];

function network({ user, ownNetwork }: Cell, { unshare = '', setpriv = '' }: Tools): readonly string[] {
  if (!ownNetwork) return [];
  if (!user) return [unshare, '--user', '--map-current-user', '--net', '--', setpriv, '--no-new-privs', '--'];
  const become = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--no-new-privs'];
  return [unshare, '--net', '--', setpriv, ...become, '--'];
}

/** What an operator is told of it at the start. */
export function lacksOf({ user, ownNetwork, limited }: Cell, { isRoot }: { isRoot: boolean }): readonly string[] {
  const same = isRoot
    ? 'the renderer runs as the same user, root, since nobody else can read its program or write to its folder: it could read what this service can'
    : 'the renderer runs as the same user, so that it could read what this service can';
  return [
    ...(user ? [] : [same]),
    ...(ownNetwork
      ? []
      : ['the renderer has the network of this service, since this machine gives it none of its own']),
    ...(limited ? [] : ['the renderer is watched for what it takes, since there is no program prlimit to limit it']),
  ];
}

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];
const pathOf = (name: string) => FOLDERS.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));

export function toolsHere(): Tools {
  const found = (['prlimit', 'unshare', 'setpriv'] as const).map((name) => [name, pathOf(name)] as const);
  return Object.fromEntries(found.filter(([, path]) => path));
}

export type Needs = { readonly reads: string; readonly writes: string };

/** The first cell in which a program runs that reads the one and writes to the other; `writes` is of ours by now. */
export async function cellHere(
  cells: readonly Cell[],
  needs: (cell: Cell) => Promise<Needs>,
  tools: Tools,
): Promise<Cell> {
  for (const cell of cells) {
    if (await works(cell, await needs(cell), tools)) return cell;
  }
  return { user: null, ownNetwork: false, limited: false };
}

function works(cell: Cell, { reads, writes }: Needs, tools: Tools): Promise<boolean> {
  const script = `const fs = require('node:fs');
    fs.accessSync(${JSON.stringify(reads)}, fs.constants.R_OK);
    fs.accessSync(${JSON.stringify(writes)}, fs.constants.W_OK);`;
  const { file, args, user } = commandIn(cell, [process.execPath, '-e', script], tools);
  return promisify(execFile)(file, args, { ...user, env: {}, cwd: '/' }).then(
    () => true,
    () => false,
  );
}
