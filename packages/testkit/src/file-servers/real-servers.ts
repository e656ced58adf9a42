import { findProgram } from '@lazada-sof/local';
import type { FileServer } from './file-server.ts';
import { startOpenSsh } from './openssh.ts';
import { startVsftpd } from './vsftpd.ts';

export type FileProtocol = 'ftp' | 'ftps' | 'sftp';

export type RealServer = { readonly start: () => Promise<FileServer> } | { readonly missing: string };

/** The servers that sellers really run, where this machine has them and lets us start them. */
export function realServer(protocol: FileProtocol): RealServer {
  if (process.getuid?.() !== 0) return { missing: 'only root can start them' };
  const name = protocol === 'sftp' ? 'sshd' : 'vsftpd';
  const program = findProgram(name);
  if (!program) return { missing: `${name} is not installed` };
  return {
    start: () => (protocol === 'sftp' ? startOpenSsh(program) : startVsftpd(program, { tls: protocol === 'ftps' })),
  };
}
