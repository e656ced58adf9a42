/** Where the simulated APIs and the file targets are reached. */
import { FILE_USER, type FileTargets } from '../file-targets/targets.ts';
import type { SofPaths } from '../sof/paths.ts';
import { type Html, table } from './html.ts';

export type Addresses = { readonly sofPaths: SofPaths; readonly files: FileTargets };

export function addresses({ sofPaths, files }: Addresses, origin: string): Html {
  const rows: [string, string][] = [
    ['LAZADA_REST_URL, LAZADA_AUTH_URL', `${origin}/rest`],
    ['SOFP_URL', `${origin} (sign-in ${sofPaths.authPath}, statuses ${sofPaths.statusPath})`],
    ['DHL_API_URL', origin],
    ['FTP', `port ${files.ftp.port}, explicit TLS with the certificate in ${files.certificateFile}`],
    ['SFTP', `port ${files.sftp.port}, host key ${files.sftp.hostKey}`],
    ['user of both', `${FILE_USER.user}, password ${FILE_USER.password}`],
    ['files', files.folder],
  ];
  return table(['what', 'where'], rows, '');
}
