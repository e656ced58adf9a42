import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Client } from 'basic-ftp';
import { BadTargetUrlError, systemCode } from '../errors.ts';
import type { Connect } from '../session.ts';
import type { Target } from '../target.ts';
import { connectError } from './replies.ts';
import { ftpSession } from './session.ts';

/** No answer and no byte for so long: the other side is gone. */
const SILENCE_MS = 30_000;

export const ftpConnect = (target: Target): Connect => connector(target, undefined);

/** Explicit TLS, control and data, the certificate verified for the URL's host; `?ca=` is a file with its authority. */
export function ftpsConnect(target: Target): Connect {
  const ca = authority(target);
  // A name for the certificate is sent and checked; an address is only checked.
  return connector(target, { ...(ca && { ca }), ...(isIP(target.host) === 0 && { servername: target.host }) });
}

function authority({ query }: Target): Buffer | undefined {
  const [file] = query.get('ca') ?? [];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new BadTargetUrlError([`ca: ${file} cannot be read (${systemCode(error) ?? 'unknown reason'})`]);
  }
}

function connector(target: Target, tls: ConnectionOptions | undefined): Connect {
  return async (signal) => {
    const client = new Client(SILENCE_MS);
    const hangUp = () => client.close();
    signal.addEventListener('abort', hangUp, { once: true });
    try {
      const { host, port, user, password } = target;
      await client.access({ host, port, user, password, ...(tls && { secure: true, secureOptions: { ...tls } }) });
      return ftpSession(client, target);
    } catch (error) {
      client.close();
      throw connectError(error, target);
    } finally {
      signal.removeEventListener('abort', hangUp);
    }
  };
}
