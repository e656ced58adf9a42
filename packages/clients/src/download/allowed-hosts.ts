/** From which hosts a link that somebody else wrote is followed, and by which of their addresses. */
import { isIP } from 'node:net';

export type Allowed =
  /** `privately`: its address may be one of our own network, since somebody named it with its port. */
  | { readonly ok: true; readonly url: URL; readonly privately: boolean }
  | { readonly ok: false; readonly reason: string };

/** Patterns: `*.lazada.sg`, `*lazada*.*.aliyuncs.com`, `documents.example.com`, `10.0.0.5:8443`. Without encryption only from hosts named without `*`. */
export function allowedUrl(written: string, patterns: readonly string[]): Allowed {
  // `//host/path` stands on pages that were served by https.
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
  const naming = patterns.map(parsePattern).filter((pattern) => names(pattern, url));
  if (naming.length === 0) return refused(`the host ${url.host}, which is not among the allowed ones`);
  const exact = naming.filter(({ wild }) => !wild);
  if (url.protocol === 'http:' && exact.length === 0) return refused(`the host ${url.host} without encryption`);
  return { ok: true, url, privately: exact.some(({ port }) => port !== null) };
}

type Pattern = { readonly host: string; readonly port: string | null; readonly wild: boolean };

function parsePattern(written: string): Pattern {
  const [host = '', port = null] = written.toLowerCase().split(':');
  return { host, port, wild: host.includes('*') };
}

const names = ({ host, port }: Pattern, url: URL): boolean =>
  hostMatches(url.hostname, host) && (port === null ? url.port === '' : portOf(url) === port);

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80');

/**
 * A `*` as a whole name in front stands for any number of names, at the end for a country's ending, never for somebody's
 * domain; within a name, and as one in the middle, for any letters of that name.
 */
function hostMatches(hostname: string, pattern: string): boolean {
  const labels = pattern.split('.').map((label, at, all) => {
    if (label !== '*') return label.split('*').map(literal).join(LETTERS);
    if (at === 0) return NAMES;
    return at === all.length - 1 ? ENDING : NAME;
  });
  return new RegExp(`^${labels.join('\\.')}$`).test(hostname);
}

const LETTERS = '[a-z0-9-]*';
const NAME = '[a-z0-9-]+';
const NAMES = `${NAME}(?:\\.${NAME})*`;
/** `sg`, `com.my`, `co.th` */
const ENDING = '(?:[a-z]{2,}|(?:com?|net|org)\\.[a-z]{2})';
const literal = (label: string) => label.replaceAll(/[^a-z0-9]/g, '\\$&');

const refused = (reason: string): Allowed => ({ ok: false, reason });
