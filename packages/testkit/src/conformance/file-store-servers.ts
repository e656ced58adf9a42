import { describe } from '@jest/globals';
import { type FileProtocol, realServer } from '../file-servers/real-servers.ts';
import { leaveOut } from '../servers/left-out.ts';
import { describeFileStore, type FileStoreTraits } from './file-store.ts';

const NAMES = { ftp: 'vsftpd', ftps: 'vsftpd with TLS', sftp: 'OpenSSH' } as const satisfies Record<
  FileProtocol,
  string
>;
const TRAITS: FileStoreTraits = { remote: true, obeysPermissions: true };

/** The suite on the server that sellers really run; left out, loudly, where this machine has none. */
export function describeOnRealServer(protocol: FileProtocol): void {
  const name = NAMES[protocol];
  const server = realServer(protocol);
  if ('start' in server) {
    describeFileStore(name, TRAITS, server.start);
    return;
  }
  leaveOut({
    what: `the file store on ${name}`,
    why: server.missing,
    remedy: 'as root: apt-get install vsftpd openssh-server',
  });
  const missing = () => Promise.reject(new Error(server.missing));
  describe.skip('left out', () => describeFileStore(name, TRAITS, missing));
}
