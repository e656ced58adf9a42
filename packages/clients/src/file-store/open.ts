import { fileURLToPath } from 'node:url';
import { type ConnectionLimits, keepConnections } from './connections.ts';
import { BadTargetUrlError } from './errors.ts';
import type { FileStore } from './file-store.ts';
import { ftpConnect, ftpsConnect } from './ftp/connect.ts';
import { localSession } from './local.ts';
import type { Connect } from './session.ts';
import { sftpConnect } from './sftp/connect.ts';
import { fileStore } from './store.ts';
import { connectionsOf, partNamesOf, readTarget, type Target, type UrlRules } from './target.ts';

type Protocol = UrlRules & {
  /** @throws BadTargetUrlError for what only this protocol can know */
  readonly connect: (target: Target) => Connect;
};

/** Every protocol; one more is a file beside these and a line here. */
const PROTOCOLS: Record<string, Protocol> = {
  'ftp:': { defaultPort: 21, needsUser: true, parameters: [], connect: ftpConnect },
  'ftps:': { defaultPort: 21, needsUser: true, parameters: ['ca'], connect: ftpsConnect },
  'sftp:': {
    defaultPort: 22,
    needsUser: true,
    parameters: ['hostkey'],
    repeatable: ['hostkey'],
    connect: sftpConnect,
  },
  'file:': {
    defaultPort: 0,
    needsUser: false,
    parameters: [],
    connect:
      ({ label }) =>
      async () =>
        localSession(label),
  },
};

export type FileStoreOptions = Partial<ConnectionLimits> & {
  readonly maxReadBytes?: number;
  /** `any` for a folder that others fill; ours have `plain` ones. */
  readonly names?: 'plain' | 'any';
};

const DEFAULTS: ConnectionLimits & { maxReadBytes: number; names: 'plain' | 'any' } = {
  // Four connections reach what a server and a line give; more only cost it.
  connections: 4,
  connectMs: 15_000,
  operationMs: 120_000,
  idleMs: 60_000,
  freshMs: 5_000,
  coolDownMs: 5_000,
  refusedMs: 30_000,
  maxReadBytes: 64 * 1024 * 1024,
  names: 'plain',
};

/**
 * The file store behind a URL: `ftp://user:password@host/folder`, `ftps://…?ca=/file.pem` (explicit TLS),
 * `sftp://…?hostkey=SHA256:…` (also several times), `file:///folder`; each with `connections` (how many at most) and
 * `partial=suffix` (no names with a dot in front). Connects at first use.
 * @throws BadTargetUrlError
 */
export function openFileStore(url: string | URL, options: FileStoreOptions = {}): FileStore {
  const { target, protocol } = readUrl(url);
  const written = connectionsOf(target);
  const { maxReadBytes, names, ...limits } = { ...DEFAULTS, ...(written && { connections: written }), ...options };
  const connections = keepConnections(target.label, protocol.connect(target), limits);
  return fileStore({
    label: target.label,
    base: target.base,
    connections,
    maxReadBytes,
    partNames: partNamesOf(target),
    names,
    silenceMs: limits.operationMs,
  });
}

function readUrl(text: string | URL): { target: Target; protocol: Protocol } {
  const url = URL.parse(String(text));
  if (!url)
    throw new BadTargetUrlError([
      'it is no URL (scheme://user:password@host:port/folder, with special characters percent-encoded)',
    ]);
  const protocol = PROTOCOLS[url.protocol];
  if (!protocol) throw new BadTargetUrlError([`"${url.protocol}" is unknown, use ${Object.keys(PROTOCOLS).join(' ')}`]);
  const target = readTarget(url, protocol);
  return { target: url.protocol === 'file:' ? { ...target, base: localFolder(url) } : target, protocol };
}

/** The system's own spelling of the folder, also on Windows. */
function localFolder(url: URL): string {
  const folder = new URL(url);
  folder.search = '';
  try {
    return fileURLToPath(folder).replace(/[\\/]+$/, '') || '/';
  } catch {
    throw new BadTargetUrlError(['a folder of this machine is written file:///folder, without a host']);
  }
}
