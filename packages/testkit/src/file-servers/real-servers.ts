import { findProgram } from '@lazada-sof/local';
import type { FileServer } from './file-server.ts';
import { type OpenSshOptions, startOpenSsh } from './openssh.ts';
import { startVsftpd, type VsftpdOptions } from './vsftpd.ts';

export type FileProtocol = 'ftp' | 'ftps' | 'sftp';

/** How a real server may be made otherwise than it is by default; each takes its own. */
export type RealServerOptions = OpenSshOptions & VsftpdOptions;
export type RealServer =
  | { readonly start: (options?: RealServerOptions) => Promise<FileServer> }
  | { readonly missing: string };

/** The servers that sellers really run, where this machine has them and lets us start them. */
export function realServer(protocol: FileProtocol): RealServer {
  if (process.getuid?.() !== 0) return { missing: 'only root can start them' };
  const name = protocol === 'sftp' ? 'sshd' : 'vsftpd';
  const program = findProgram(name);
  if (!program) return { missing: `${name} is not installed` };
  if (protocol === 'sftp') return { start: (options) => startOpenSsh(program, options) };
  return { start: (options) => startVsftpd(program, { tls: protocol === 'ftps', ...options }) };
}
