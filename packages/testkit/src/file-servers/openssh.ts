import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@lazada-sof/local';
import type { FileServer } from './file-server.ts';
import { makeHostKey } from './host-key.ts';
import { serveNewUser } from './host-user.ts';
import { untilListening } from './listening.ts';

/** OpenSSH's server in the foreground, for SFTP alone. */
export function startOpenSsh(program: string): Promise<FileServer> {
  return serveNewUser(async ({ name, password, dir, home }, children) => {
    const port = await freePort();
    const hostKey = makeHostKey();
    writeFileSync(join(dir, 'host_key'), hostKey.privateKey, { mode: 0o600 });
    mkdirSync('/run/sshd', { recursive: true });
    await children.start({
      name: 'sshd',
      stage: 'queue',
      command: program,
      args: ['-D', '-e', '-f', writeConfig(program, { port, dir, userName: name })],
      env: {},
      logFile: join(dir, 'sshd.log'),
    });
    await untilListening(port);
    const query = `hostkey=${encodeURIComponent(hostKey.fingerprint)}`;
    const url = new URL(`sftp://${name}:${password}@localhost:${port}${home}/in?${query}`);
    return { url, folder: join(home, 'in') };
  });
}

type Settings = { port: number; dir: string; userName: string };

function writeConfig(program: string, settings: Settings): string {
  const file = join(settings.dir, 'sshd_config');
  // Newer servers lock out an address after a few wrong passwords, older ones do not know the word.
  writeFileSync(file, `${config(settings)}PerSourcePenalties no\n`);
  if (spawnSync(program, ['-t', '-f', file]).status !== 0) writeFileSync(file, config(settings));
  return file;
}

function config({ port, dir, userName }: Settings): string {
  return `Port ${port}
ListenAddress 127.0.0.1
HostKey ${join(dir, 'host_key')}
PidFile none
PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
LogLevel ERROR
Subsystem sftp internal-sftp
ForceCommand internal-sftp
AllowUsers ${userName}
`;
}
