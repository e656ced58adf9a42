/** What is said to an address without TLS can be read, and changed, by whoever sits on the way: on this machine nobody does. */
import { isIPv4 } from 'node:net';

/** What becomes of an address without TLS that leads beyond this machine: the start is refused, or somebody is told. */
export type InClearText = 'refused' | 'told';

/** By scheme, what to write instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  'http:': 'https://',
  'ftp:': 'ftps:// or sftp://',
  'redis:': 'rediss://',
  'redis+cluster:': 'rediss+cluster://',
  'postgres:': '?sslmode=verify-full',
  'postgresql:': '?sslmode=verify-full',
};

/** What to write in place of an address that leads beyond this machine in clear text; undefined: it does not. */
export function insteadOfClearText(written: string): string | undefined {
  const url = URL.parse(written);
  if (!url || isThisMachine(url, written) || asksForTls(url)) return undefined;
  return INSTEAD[url.protocol];
}

const isPostgres = ({ protocol }: URL): boolean => protocol === 'postgres:' || protocol === 'postgresql:';

/** A name that only begins or ends like one of these is somebody else's, and `localhost.` is asked of a name server. */
function isThisMachine(url: URL, written: string): boolean {
  if (isPostgres(url)) return isLocalServer(url.searchParams.get('host') || url.hostname);
  if (INSTEAD[url.protocol]?.startsWith('rediss')) return isLocalServer(url.hostname);
  // The parser takes 0x7f.1 and 2130706433 for 127.0.0.1: nobody writes them who means this machine.
  return isLoopback(url.hostname) && written.toLowerCase().includes(url.hostname);
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));

/** Without a host, and with a folder in its place, it is a socket. */
const isLocalServer = (host: string): boolean =>
  /^($|\/|%2f)/i.test(host) || host === '::1' || isLoopback(host.toLowerCase());

const TLS_FILES = ['sslcert', 'sslkey', 'sslrootcert'];

/** As the driver reads an address: in each mode but `disable` it speaks TLS or not at all. */
function asksForTls(url: URL): boolean {
  if (!isPostgres(url)) return false;
  const { searchParams: query } = url;
  const mode = query.get('sslmode');
  if (mode) return mode !== 'disable';
  return (
    ['true', '1'].includes(query.get('ssl') ?? '') ||
    query.get('sslnegotiation') === 'direct' ||
    TLS_FILES.some((name) => query.get(name))
  );
}
