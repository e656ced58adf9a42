/** Fetches what a link leads to that somebody else wrote: only from allowed hosts, and never from our own network. */
import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { openConnections } from '../http/connections.ts';
import { factsOf } from '../http/request.ts';
import { allowedUrl } from './allowed-hosts.ts';
import { LinkNotAllowedError, NoDownloadError } from './errors.ts';
import { isPublicAddress } from './public-address.ts';

export type Downloads = {
  /**
   * The bytes behind the link, at most 50 MB, within 60 s.
   * @throws LinkNotAllowedError, NoDownloadError, or what can happen to any request
   */
  fetch(link: string, signal?: AbortSignal): Promise<Buffer>;
  close(): void;
};

export type DownloadOptions = {
  /** Patterns such as `*.lazada.sg`; one without `*` and with its port may have a private address. */
  readonly hosts: readonly string[];
  readonly largest?: number;
  readonly wholeMs?: number;
  /** How names are looked up; left out: by the machine. */
  readonly resolve?: Resolve;
};
export type Resolve = (host: string, done: (error: Error | null, found: readonly LookupAddress[]) => void) => void;

const LARGEST = 50 * 1024 * 1024;
const WHOLE_MS = 60_000;
const byMachine: Resolve = (host, done) => lookup(host, { all: true }, done);

export function openDownloads(options: DownloadOptions): Downloads {
  const { hosts, largest = LARGEST, wholeMs = WHOLE_MS, resolve = byMachine } = options;
  const connections = openConnections();
  return {
    async fetch(link, signal) {
      const allowed = allowedUrl(link, hosts);
      if (!allowed.ok) throw new LinkNotAllowedError(allowed.reason);
      const { url, privately } = allowed;
      if (isIP(url.hostname) !== 0 && !privately && !isPublicAddress(url.hostname)) throw notPublic(url.host);
      const guard = guardedLookup(resolve, privately);
      const request = {
        method: 'GET',
        url,
        headers: {},
        largestAnswer: largest,
        wholeMs,
        signal,
        lookup: guard.lookup,
      } as const;
      const { status, body } = await connections.send(request).catch((error: unknown) => {
        throw guard.refusal() ?? error;
      });
      if (status === 200) return body;
      throw new NoDownloadError(status, { request: factsOf(request) });
    },
    close: () => connections.close(),
  };
}

/** The connection goes to the very addresses that were judged: a name that answers otherwise the second time gains nothing. */
function guardedLookup(resolve: Resolve, privately: boolean): { lookup: LookupFunction; refusal: () => Error | null } {
  let refusal: Error | null = null;
  const look: LookupFunction = (host, options, done) =>
    resolve(host, (error, found) => {
      const [first] = found ?? [];
      if (error || !first) return done(error ?? new Error(`${host} has no address`), []);
      if (!privately && !found.every(({ address }) => isPublicAddress(address))) {
        refusal = notPublic(host);
        return done(refusal, []);
      }
      return options.all ? done(null, [...found]) : done(null, first.address, first.family);
    });
  return { lookup: look, refusal: () => refusal };
}

const notPublic = (host: string) => new LinkNotAllowedError(`the host ${host}, whose address is not a public one`);
