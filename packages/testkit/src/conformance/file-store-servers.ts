import { type FileProtocol, realServer } from '../file-servers/real-servers.ts';
import { leaveOut } from '../servers/left-out.ts';
import { describeFileStore } from './file-store.ts';

const NAMES = { ftp: 'vsftpd', ftps: 'vsftpd with TLS', sftp: 'OpenSSH' } as const satisfies Record<
  FileProtocol,
  string
>;

/** The suite on the server that sellers really run; left out, loudly, where this machine has none. */
export function describeOnRealServer(protocol: FileProtocol): void {
  const name = NAMES[protocol];
  const server = realServer(protocol);
  if ('start' in server) describeFileStore(name, { remote: true, obeysPermissions: true }, server.start);
  else {
    leaveOut({
      what: `the file store on ${name}`,
      why: server.missing,
      remedy: 'as root: apt-get install vsftpd openssh-server',
    });
  }
}
