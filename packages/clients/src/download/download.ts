import { lookup as lookUpName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { openConnections } from '../http/connections.ts';
import { factsOf } from '../http/request.ts';
import { LinkAnswerError, LinkRefusedError } from './errors.ts';
import { type AllowedHost, allowedHost } from './host-patterns.ts';
import { isLinkLocal, isPublicAddress } from './public-address.ts';

export type DownloadSettings = {
  /** `*.example.*`, `files.example.com`, or `files.example.com:8443`, which may have a private address. */
  readonly hosts: readonly string[];
  readonly largestBytes: number;
  readonly wholeMs: number;
  /** Left out: the machine's own. */
  readonly lookup?: LookupFunction;
};

export type Downloads = {
  /**
   * The file behind a link that somebody else wrote. Redirects are not followed.
   * @throws LinkRefusedError, LinkAnswerError, or what can happen to any request
   */
  download(url: URL, signal?: AbortSignal): Promise<Buffer>;
  close(): void;
};

export function openDownloads(settings: DownloadSettings): Downloads {
  const connections = openConnections();
  return {
    download: (url, signal) => download(connections.send, settings, url, signal),
    close: connections.close,
  };
}

type Send = ReturnType<typeof openConnections>['send'];

async function download(send: Send, settings: DownloadSettings, url: URL, signal?: AbortSignal): Promise<Buffer> {
  const request = {
    method: 'GET',
    url,
    headers: {},
    wholeMs: settings.wholeMs,
    signal,
    largestAnswer: settings.largestBytes,
  } as const;
  const refuse = (why: string) => new LinkRefusedError(why, { request: factsOf(request) });
  const allowed = allowedHost(url, settings.hosts);
  if (!allowed || url.username || url.password) throw refuse('the host is none from which files may be fetched');
  const name = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(name) && !mayConnect(name, allowed)) throw refuse('the address is not one of the open internet');

  const pinned = pinnedLookup(settings.lookup ?? lookUpName, allowed);
  try {
    const answer = await send({ ...request, lookup: pinned.lookup });
    if (answer.status === 200) return answer.body;
    throw new LinkAnswerError(`answered ${answer.status}`, { request: factsOf(request), httpStatus: answer.status });
  } catch (error) {
    throw pinned.refused
      ? refuse(`${url.hostname} leads to ${pinned.refused}, which is not of the open internet`)
      : error;
  }
}

const mayConnect = (address: string, { trusted }: AllowedHost): boolean =>
  trusted ? !isLinkLocal(address) : isPublicAddress(address);

/**
 * The name is looked up once, and the very addresses that were found good are connected to: a name server that answers
 * differently the second time is not asked a second time. One bad address among them refuses all.
 */
function pinnedLookup(lookup: LookupFunction, allowed: AllowedHost) {
  const pinned: { refused?: string; lookup: LookupFunction } = {
    lookup: (name, options, callback) =>
      lookup(name, options, (error, found, family) => {
        const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
        const bad = error ? undefined : addresses.find((address) => !mayConnect(address, allowed));
        if (bad === undefined) return callback(error, found, family);
        pinned.refused = bad;
        callback(Object.assign(new Error(`${bad} is not allowed`), { code: 'EACCES' }), found, family);
      }),
  };
  return pinned;
}
