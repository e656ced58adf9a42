import { BadTargetUrlError } from './errors.ts';
import { PART_NAMES } from './path.ts';

/** A file target as its URL names it, decoded. */
export type Target = {
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** `/in` from the server's root, `in` below the folder in which a login begins (written `/~/in`), or empty. */
  readonly base: string;
  /** The values of each parameter of the query, in their order. */
  readonly query: ReadonlyMap<string, readonly string[]>;
};

export type UrlRules = {
  readonly defaultPort: number;
  readonly needsUser: boolean;
  /** The query's parameters that mean something here besides those of every target; any other is a mistake. */
  readonly parameters: readonly string[];
  /** Those that may be given several times. */
  readonly repeatable?: readonly string[];
};

const COMMON_PARAMETERS = ['connections', 'partial'];
const MOST_CONNECTIONS = 64;

/** @throws BadTargetUrlError */
export function readTarget(url: URL, rules: UrlRules): Target {
  const mistakes: string[] = [];
  const decode = (what: string, text: string): string => {
    const plain = decoded(text);
    if (plain === undefined) mistakes.push(`${what} is not well percent-encoded`);
    return plain ?? '';
  };
  const pairs = queryPairs(url).map(([name, value]) => [name, decode(`"${name}"`, value)] as const);
  const target = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || rules.defaultPort),
    user: decode('the user', url.username),
    password: decode('the password', url.password),
    base: baseFolder(decode('the path', url.pathname)),
    query: new Map(pairs.map(([name]) => [name, pairs.filter(([one]) => one === name).map(([, value]) => value)])),
  };
  mistakes.push(...mistakesOf(target, rules));
  if (mistakes.length > 0) throw new BadTargetUrlError(mistakes);
  return { ...target, label: labelOf(url, target) };
}

/** How many connections the URL allows; undefined: it does not say. */
export function connectionsOf({ query }: Pick<Target, 'query'>): number | undefined {
  const [written] = query.get('connections') ?? [];
  return written === undefined ? undefined : Number(written);
}

/** How the target wants files to be called until they are whole. */
export const partNamesOf = ({ query }: Pick<Target, 'query'>) =>
  query.has('partial') ? PART_NAMES.suffix : PART_NAMES.hidden;

function mistakesOf(target: Omit<Target, 'label'>, { needsUser, parameters, repeatable = [] }: UrlRules): string[] {
  const known = [...parameters, ...COMMON_PARAMETERS];
  const { query } = target;
  return [
    ...(needsUser && target.host === '' ? ['the host is missing'] : []),
    ...(needsUser && target.user === '' ? ['the user is missing (scheme://user:password@host)'] : []),
    ...[target.user, target.password, target.base]
      .filter(hasControl)
      .map(() => 'it holds a line break or another control character'),
    ...(target.base.split('/').includes('..') ? ['the path may not lead upwards'] : []),
    ...[...query.keys()]
      .filter((name) => !known.includes(name))
      .map((name) => `parameter "${name}" is unknown, known here: ${known.join(', ')}`),
    ...[...query]
      .filter(([name, values]) => values.length > 1 && !repeatable.includes(name))
      .map(([name]) => `parameter "${name}" is given more than once`),
    ...(query.get('connections') ?? [])
      .filter((written) => !isConnections(written))
      .map(() => `connections is no whole number from 1 to ${MOST_CONNECTIONS}`),
    ...(query.get('partial') ?? [])
      .filter((written) => written !== 'suffix')
      .map(() => 'partial is not "suffix"; leave it out for names with a dot in front'),
  ];
}

const isConnections = (written: string): boolean =>
  /^[1-9]\d{0,3}$/.test(written) && Number(written) <= MOST_CONNECTIONS;

function labelOf({ protocol }: URL, { host, port, base }: Omit<Target, 'label'>): string {
  return host === '' ? `${protocol}//${base}` : `${protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** By hand: URLSearchParams would read the `+` of a host key's fingerprint as a space. */
function queryPairs(url: URL): [name: string, value: string][] {
  const pairs = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '');
  return pairs.map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
}

function baseFolder(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '/~' ? '' : trimmed.replace(/^\/~\//, '');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const hasControl = (text: string): boolean => [...text].some((char) => char < ' ' || char === '\u007f');
