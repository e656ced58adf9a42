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

/** From now on these are masked by value, in every spelling. One of less than six characters is not: it would be in ordinary words. */
export function rememberSecrets(secrets: Iterable<string | null | undefined>): void {
  for (const secret of secrets) if (secret && secret.length >= SHORTEST_SECRET) remember(secret);
}

function remember(secret: string): void {
  const isNew = !seen.delete(secret);
  seen.add(secret);
  if (isNew) index.add(secret);
  if (seen.size > MOST) forgetOldest();
}

/** Half of them at once, so that the index is rarely made anew. */
function forgetOldest(): void {
  const kept = [...seen].slice(-MOST / 2);
  seen.clear();
  index = new SecretIndex();
  for (const secret of kept) {
    seen.add(secret);
    index.add(secret);
  }
}

export const withoutKnownSecrets = (text: string): string => index.mask(text);
