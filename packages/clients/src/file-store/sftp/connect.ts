import { createHash } from 'node:crypto';
import ssh2, { type Client, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import { BadTargetUrlError, HostKeyChangedError, oneLine, TargetLoginRefusedError } from '../errors.ts';
import type { Connect } from '../session.ts';
import type { Target } from '../target.ts';
import { connectError } from './answers.ts';
import { sftpSession } from './session.ts';
import { signInOnce } from './sign-in.ts';

/** Only to a server whose host key is the pinned one: ssh2 by itself accepts any. */
export function sftpConnect(target: Target): Connect {
  const pinned = pin(target);
  return async (signal) => {
    const client = new ssh2.Client();
    const signIn = signInOnce(target);
    const hangUp = () => void client.destroy();
    signal.addEventListener('abort', hangUp, { once: true });
    let changed: HostKeyChangedError | undefined;
    const hostVerifier = (key: Buffer): boolean => {
      const seen = fingerprint(key);
      if (seen !== pinned) changed = new HostKeyChangedError(target.label, { seen, pinned });
      return seen === pinned;
    };
    try {
      const { host, port, user: username } = target;
      const authHandler = signIn.handler;
      // The limit of the whole connect lies outside; ssh2's own would count the handshake alone.
      const sftp = await signedIn(client, { host, port, username, authHandler, hostVerifier, readyTimeout: 0 });
      return sftpSession(client, sftp, target);
    } catch (error) {
      client.destroy();
      throw changed ?? connectError(error, target, signIn.missing());
    } finally {
      signal.removeEventListener('abort', hangUp);
    }
  };
}

function pin({ query, host, port }: Target): string {
  const pinned = query.get('hostkey') ?? '';
  if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(pinned)) return pinned.replace(/=$/, '');
  throw new BadTargetUrlError([
    `hostkey=SHA256:… is ${pinned === '' ? 'missing' : 'not a SHA256 fingerprint'}; see it with: ssh-keyscan -p ${port} ${host} | ssh-keygen -lf -`,
  ]);
}

const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=$/, '')}`;
function signedIn(client: Client, config: ConnectConfig): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    // Else each small packet waits 40 ms until the server has acknowledged the one before.
    client.on('connect', () => client.setNoDelay(true));
    client.on('ready', () => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));
    client.on('change password', (words) =>
      reject(new TargetLoginRefusedError(`the server wants a new password: ${oneLine(words)}`, 'login_refused')),
    );
    client.on('error', reject);
    client.on('close', () => reject(new Error('the server hung up before the login was done')));
    client.connect(config);
  });
}
