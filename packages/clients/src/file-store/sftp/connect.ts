import { oneLine } from '@lazada-sof/redact';
import ssh2, { type Client, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import { HostKeyChangedError, type SeenHostKey, TargetLoginRefusedError } from '../errors.ts';
import type { Connect, Session } from '../session.ts';
import type { Target } from '../target.ts';
import { connectError, isNoCommonKey } from './answers.ts';
import { algorithmsOf, hostKey, pinsOf, preferring, TYPES } from './host-keys.ts';
import { sftpSession } from './session.ts';
import { signInOnce } from './sign-in.ts';

/**
 * Only to a server that shows a pinned host key: ssh2 by itself accepts any. A server with several keys shows the one
 * that was asked for, and a fingerprint does not tell of which type it is: the types are asked for in turn.
 */
export function sftpConnect(target: Target): Connect {
  const pinned = pinsOf(target);
  // What was the right type once is asked for first the next time, what was wrong last.
  let types: readonly string[] = TYPES;
  return async (signal) => {
    const wrong: SeenHostKey[] = [];
    const changed = () => new HostKeyChangedError(target.label, { seen: wrong, pinned });
    for (;;) {
      signal.throwIfAborted();
      const asked = types.filter((type) => wrong.every((seen) => seen.type !== type));
      if (asked.length === 0) throw changed();
      const dialed = await dial(target, { asked, pinned, signal }).catch((error: unknown) => {
        throw wrong.length > 0 && isNoCommonKey(error) ? changed() : error;
      });
      types = preferring(types, dialed.shown, { first: 'session' in dialed });
      if ('session' in dialed) return dialed.session;
      wrong.push(dialed.shown);
    }
  };
}

type Dialing = { readonly asked: readonly string[]; readonly pinned: readonly string[]; readonly signal: AbortSignal };
type Dialed = { readonly shown: SeenHostKey; readonly session: Session } | { readonly shown: SeenHostKey };

async function dial(target: Target, { asked, pinned, signal }: Dialing): Promise<Dialed> {
  const client = new ssh2.Client();
  const signIn = signInOnce(target);
  const hangUp = () => void client.destroy();
  signal.addEventListener('abort', hangUp, { once: true });
  let shown: SeenHostKey = { type: '', fingerprint: '' };
  const isPinned = () => pinned.includes(shown.fingerprint);
  try {
    const sftp = await signedIn(client, {
      host: target.host,
      port: target.port,
      username: target.user,
      algorithms: { serverHostKey: algorithmsOf(asked) },
      hostVerifier: (key: Buffer) => {
        shown = hostKey(key);
        return isPinned();
      },
      authHandler: signIn.handler,
      // The limit of the whole connect lies outside; ssh2's own would count the handshake alone.
      readyTimeout: 0,
    });
    return { shown, session: sftpSession(client, sftp, target) };
  } catch (error) {
    client.destroy();
    if (shown.type !== '' && !isPinned()) return { shown };
    throw connectError(error, target, signIn.missing());
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
}

function signedIn(client: Client, config: ConnectConfig): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    // Else each small packet waits 40 ms until the server has acknowledged the one before.
    client.on('connect', () => client.setNoDelay(true));
    client.on('ready', () => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));
    client.on('change password', (words) =>
      reject(new TargetLoginRefusedError(`the server wants a new password (${oneLine(words)})`, 'login_refused')),
    );
    client.on('error', reject);
    client.on('close', () => reject(new Error('the server hung up before the login was done')));
    client.connect(config);
  });
}
