/** From which hosts a link that somebody else wrote is followed, and by which of their addresses. */
import { isIP } from 'node:net';

export type Allowed =
  /** `privately`: its address may be one of our own network, since somebody named it with its port. */
  | { readonly ok: true; readonly url: URL; readonly privately: boolean }
  | { readonly ok: false; readonly reason: string };

/** Patterns: `*.lazada.*`, `documents.example.com`, `10.0.0.5:8443`. */
export function allowedUrl(written: string, patterns: readonly string[]): Allowed {
  const absolute = written.trim().replace(/^\/\//, 'https://');
  if (!URL.canParse(absolute)) return refused('an address without a host');
  const url = new URL(absolute);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused(`an address of the scheme ${url.protocol}`);
  if (url.username !== '' || url.password !== '') return refused('an address with a user in it');
  // 0x7f.1, 2130706433 and 0177.0.0.1 are all 127.0.0.1: nobody writes them who has nothing to hide.
  if (isIP(url.hostname) === 4 && !absolute.includes(`/${url.hostname}`)) return refused('a disguised address');
  return byPatterns(url, patterns);
}

function byPatterns(url: URL, patterns: readonly string[]): Allowed {
  const parsed = patterns.map(parsePattern);
  const exact = parsed.find(({ host, wild }) => !wild && host === url.hostname);
  const named = parsed.filter((pattern) => hostMatches(url.hostname, pattern) && portMatches(url, pattern.port));
  if (named.length === 0) return refused(`the host ${url.host}, which is not among the allowed ones`);
  if (url.protocol === 'http:' && !exact) return refused(`the host ${url.host} without encryption`);
  return { ok: true, url, privately: named.some(({ wild, port }) => !wild && port !== null) };
}

type Pattern = { readonly host: string; readonly port: string | null; readonly wild: boolean };

function parsePattern(written: string): Pattern {
  const [host = '', port = null] = written.toLowerCase().split(':');
  return { host, port, wild: host.includes('*') };
}

/** A `*` in front stands for any number of names, one at the end for a country: `sg`, `com.my`, `co.th`. */
function hostMatches(hostname: string, { host }: Pattern): boolean {
  const source = host.split('.').map((name, at) => (name === '*' ? wildcard(at) : literal(name)));
  return new RegExp(`^${source.join('\\.')}$`).test(hostname);
}
const wildcard = (at: number) => (at === 0 ? '[a-z0-9-]+(?:\\.[a-z0-9-]+)*' : '(?:[a-z]{2,}|com?\\.[a-z]{2})');
const literal = (name: string) => name.replaceAll(/[^a-z0-9]/g, '\\$&');

const DEFAULT_PORT: Record<string, string> = { 'https:': '443', 'http:': '80' };
const portMatches = (url: URL, port: string | null) =>
  port === null ? url.port === '' : (url.port || DEFAULT_PORT[url.protocol]) === port;

const refused = (reason: string): Allowed => ({ ok: false, reason });
