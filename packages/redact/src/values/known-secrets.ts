/**
 * The secrets that this process has seen, masked by value wherever they turn up: Lazada may echo one in any place and under
 * any name. Kept for the whole process and not handed from hand to hand, since the one place that were forgotten would be the
 * leak. Bounded: the secrets seen last count.
 */
import { SecretIndex } from './secret-index.ts';
import { SHORTEST_SECRET } from './spellings.ts';

const MOST = 10_000;

let index = new SecretIndex();
/** In the order in which they were seen last. */
const seen = new Set<string>();

/** Words of ours, one a line. */
let ours = '';

/**
 * From now on these are masked by value, in every spelling. Not one of less than six characters, nor of less than eight that
 * are all letters: it would be in ordinary words, and whoever may store a secret would black out the log.
 */
export function rememberSecrets(secrets: Iterable<string | null | undefined>): void {
  for (const secret of secrets) if (secret && secret.length >= SHORTEST_SECRET) remember(secret);
}

/** What anybody may read, such as the routes of an API: whatever lies within it is no secret, whoever stores it as one. */
export function keepWords(words: Iterable<string>): void {
  ours = [ours, ...words].join('\n');
  const kept = [...seen].filter((secret) => !isOrdinary(secret));
  if (kept.length < seen.size) keepOnly(kept);
}

const SHORT_WORD = /^[\p{L}_-]{1,7}$/u;
const isOrdinary = (secret: string): boolean => SHORT_WORD.test(secret) || ours.includes(secret);

function remember(secret: string): void {
  const isNew = !seen.delete(secret);
  if (isNew && isOrdinary(secret)) return;
  seen.add(secret);
  if (isNew) index.add(secret);
  // Half of them at once, so that the index is rarely made anew.
  if (seen.size > MOST) keepOnly([...seen].slice(-MOST / 2));
}

function keepOnly(kept: readonly string[]): void {
  seen.clear();
  index = new SecretIndex();
  for (const secret of kept) {
    seen.add(secret);
    index.add(secret);
  }
}

export const withoutKnownSecrets = (text: string): string => index.mask(text);
