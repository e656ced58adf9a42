import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@lazada-sof/local';
import type { FileServer } from './file-server.ts';
import { type HostKeyKind, makeHostKey } from './host-key.ts';
import { serveNewUser } from './host-user.ts';
import { untilListening } from './listening.ts';

export type OpenSshOptions = {
  /** In the order in which it offers them; the URL pins the first. */
  readonly hostKeys?: readonly HostKeyKind[];
  /** It asks for the password by keyboard-interactive, through PAM, and takes it in no other way. */
  readonly asksForPassword?: boolean;
};

/** OpenSSH's server in the foreground, for SFTP alone. */
export function startOpenSsh(program: string, options: OpenSshOptions = {}): Promise<FileServer> {
  const { hostKeys = ['ecdsa'], asksForPassword = false } = options;
  return serveNewUser(async ({ name, password, dir, home }, children) => {
    const port = await freePort();
    const keys = hostKeys.map((kind) => ({ ...makeHostKey(kind), file: join(dir, `host_key_${kind}`) }));
    for (const { file, privateKey } of keys) writeFileSync(file, privateKey, { mode: 0o600 });
    mkdirSync('/run/sshd', { recursive: true });
    const settings = { port, dir, userName: name, keyFiles: keys.map(({ file }) => file), asksForPassword };
    await children.start({
      name: 'sshd',
      stage: 'queue',
      command: program,
      args: ['-D', '-e', '-f', writeConfig(program, settings)],
      env: {},
      logFile: join(dir, 'sshd.log'),
    });
    await untilListening(port);
    const query = `hostkey=${encodeURIComponent(keys[0]?.fingerprint ?? '')}`;
    const url = new URL(`sftp://${name}:${password}@localhost:${port}${home}/in?${query}`);
    return { url, folder: join(home, 'in') };
  });
}

type Settings = {
  readonly port: number;
  readonly dir: string;
  readonly userName: string;
  readonly keyFiles: readonly string[];
  readonly asksForPassword: boolean;
};

function writeConfig(program: string, settings: Settings): string {
  const file = join(settings.dir, 'sshd_config');
  // Newer servers lock out an address after a few wrong passwords, older ones do not know the word.
  writeFileSync(file, `${config(settings)}PerSourcePenalties no\n`);
  if (spawnSync(program, ['-t', '-f', file]).status !== 0) writeFileSync(file, config(settings));
  return file;
}

function config({ port, userName, keyFiles, asksForPassword }: Settings): string {
  const yes = (isSo: boolean) => (isSo ? 'yes' : 'no');
  return `Port ${port}
ListenAddress 127.0.0.1
${keyFiles.map((file) => `HostKey ${file}`).join('\n')}
PidFile none
PasswordAuthentication ${yes(!asksForPassword)}
KbdInteractiveAuthentication ${yes(asksForPassword)}
UsePAM ${yes(asksForPassword)}
StrictModes no
LogLevel ERROR
Subsystem sftp internal-sftp
ForceCommand internal-sftp
AllowUsers ${userName}
`;
}
