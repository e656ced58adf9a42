/** The servers that invoices are put on: FTP and SFTP over one folder. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import type { FileTarget } from './file-target.ts';
import { startFtpTarget } from './ftp.ts';
import type { HostKey } from './host-key.ts';
import { type SftpTarget, startSftpTarget } from './sftp.ts';

/** The one user of the file targets. Anybody may know his password. */
export const FILE_USER = { user: 'demo', password: 'not-a-secret' } as const;

/** What the file targets are known by. */
export type Identity = { readonly certificate: Certificate; readonly hostKey: HostKey };

export type FileTargets = {
  readonly ftp: FileTarget;
  readonly sftp: SftpTarget;
  /** The folder that both serve. */
  readonly folder: string;
  /** The file with the certificate that the FTP server shows: `?ca=` of an `ftps://` address. */
  readonly certificateFile: string;
};

export type FileTargetsOptions = {
  /** Where the certificate's file is written, and the folder is made. */
  readonly dir: string;
  readonly identity: Identity;
  readonly host: string;
  /** 0, or left out: any free one. */
  readonly ftpPort?: number | undefined;
  readonly sftpPort?: number | undefined;
};

export async function startFileTargets(options: FileTargetsOptions): Promise<FileTargets> {
  const { dir, identity, host, ftpPort = 0, sftpPort = 0 } = options;
  const { certificate, hostKey } = identity;
  const folder = join(dir, 'files');
  const certificateFile = join(dir, 'ftp-certificate.pem');
  const common = { root: folder, host, ...FILE_USER };
  const ftp = await startFtpTarget({ ...common, port: ftpPort, certificate });
  const sftp = await startSftpTarget({ ...common, port: sftpPort, hostKey });
  writeFileSync(certificateFile, certificate.cert);
  return { ftp, sftp, folder, certificateFile };
}
