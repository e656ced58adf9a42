import { describe } from '@jest/globals';
import type { FileServer } from '../file-servers/file-server.ts';
import { type FileProtocol, type RealServerOptions, realServer } from '../file-servers/real-servers.ts';
import { leaveOut } from '../servers/left-out.ts';
import { describeFileStore, type FileStoreTraits } from './file-store.ts';

const NAMES = { ftp: 'vsftpd', ftps: 'vsftpd with TLS', sftp: 'OpenSSH' } as const satisfies Record<
  FileProtocol,
  string
>;
const TRAITS: FileStoreTraits = { remote: true, obeysPermissions: true };

/** The suite on the server that sellers really run; left out, loudly, where this machine has none. */
export function describeOnRealServer(protocol: FileProtocol): void {
  describeWithRealServer(protocol, `the file store on ${NAMES[protocol]}`, (start) =>
    describeFileStore(NAMES[protocol], TRAITS, start),
  );
}

/** Any other suite that needs it, likewise. */
export function describeWithRealServer(
  protocol: FileProtocol,
  title: string,
  suite: (start: (options?: RealServerOptions) => Promise<FileServer>) => void,
): void {
  const server = realServer(protocol);
  if ('start' in server) return void describe(title, () => suite(server.start));
  leaveOut({ what: title, why: server.missing, remedy: 'as root: apt-get install vsftpd openssh-server' });
  describe.skip(title, () => suite(() => Promise.reject(new Error(server.missing))));
}
