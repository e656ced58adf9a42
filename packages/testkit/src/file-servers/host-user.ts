/** A user of this machine that lives as long as one server: FTP and SSH servers ask the system who may come in. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Children, openChildren } from '@lazada-sof/local';
import type { FileServer } from './file-server.ts';

export type HostUser = {
  readonly name: string;
  readonly password: string;
  /** The server's own files, which the user cannot read. */
  readonly dir: string;
  readonly home: string;
  remove(): Promise<void>;
};

const run = promisify(execFile);

type Served = Omit<FileServer, 'close'>;

/** A server for a new user: both are gone after `close`, and where it could not be started. */
export async function serveNewUser(
  start: (user: HostUser, children: Children) => Promise<Served>,
): Promise<FileServer> {
  const user = await makeHostUser();
  const children = openChildren();
  const close = async () => {
    await children.stop();
    await user.remove();
  };
  try {
    return { ...(await start(user, children)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The name and the password are nobody's: whoever finds a user left behind by a killed test can do nothing with it. */
async function makeHostUser(): Promise<HostUser> {
  const name = `sof-test-${randomBytes(6).toString('hex')}`;
  const password = randomBytes(18).toString('base64url');
  const dir = mkdtempSync(join(tmpdir(), 'sof-files-'));
  const home = join(dir, 'home');
  await run('useradd', ['--no-create-home', '--home-dir', home, '--shell', '/bin/sh', name]);
  await setPassword(name, password);
  chmodSync(dir, 0o711);
  mkdirSync(home, { mode: 0o755 });
  chownSync(home, ...idsOf(name));
  return {
    name,
    password,
    dir,
    home,
    async remove() {
      await run('userdel', ['--force', name]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function setPassword(name: string, password: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile('chpasswd', (error) => (error ? reject(error) : resolve()));
    child.stdin?.end(`${name}:${password}\n`);
  });
}

function idsOf(name: string): [uid: number, gid: number] {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return [Number(uid), Number(gid)];
}
