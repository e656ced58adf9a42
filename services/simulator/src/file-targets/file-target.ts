/** A file server in this process: what the simulator offers, and what tests of uploads meet where no real server is. */
import type { TargetFaults } from './target-faults.ts';

export type FileTargetOptions = {
  /** The folder whose files it serves; made if it is not there. */
  readonly root: string;
  readonly user: string;
  readonly password: string;
  /** 127.0.0.1 where left out. */
  readonly host?: string;
  /** 0, or left out: any free one. */
  readonly port?: number;
};

export type FileTarget = {
  readonly port: number;
  /** Where a client of this machine reaches it: `ftp://user:password@127.0.0.1:port`. */
  readonly url: string;
  readonly root: string;
  readonly faults: TargetFaults;
  close(): Promise<void>;
};

/** The address with user and password in it, percent-encoded. */
export function targetUrl(
  scheme: 'ftp' | 'sftp',
  port: number,
  { user, password, host = '127.0.0.1' }: FileTargetOptions,
) {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host;
  return `${scheme}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${reached}:${port}`;
}
