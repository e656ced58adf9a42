/** Which hosts a foreign link may name. */

export type AllowedHost = {
  /** Named exactly and with its port: it may have a private address, and be asked without TLS. */
  readonly trusted: boolean;
};

/**
 * How the patterns allow the URL's host; null: they do not. A leading `*.` stands for any number of labels (at least one),
 * a trailing `.*` for a country's or company's ending (`sg`, `co.th`, `com.my`): never for a whole domain of somebody's.
 */
export function allowedHost(url: URL, patterns: readonly string[]): AllowedHost | null {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const named = patterns.some(
    (pattern) => !pattern.includes('*') && pattern.toLowerCase() === `${url.hostname}:${port}`,
  );
  if (named) return { trusted: true };
  const isPlainHttps = url.protocol === 'https:' && port === '443';
  return isPlainHttps && patterns.some((pattern) => matches(url.hostname, pattern.toLowerCase()))
    ? { trusted: false }
    : null;
}

function matches(host: string, pattern: string): boolean {
  if (pattern.includes(':')) return false;
  const written = pattern
    .split('.')
    .map((label, index, labels) => {
      if (label !== '*') return label.replace(/[^a-z0-9-]/g, '\\$&');
      return index === labels.length - 1 ? ENDING : ANY_LABELS;
    })
    .join('\\.');
  return new RegExp(`^${written}$`).test(host);
}

const ANY_LABELS = '[a-z0-9-]+(?:\\.[a-z0-9-]+)*';
const ENDING = '(?:(?:com?|net|org)\\.[a-z]{2}|[a-z]{2,})';
