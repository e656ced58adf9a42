/** A date with its offset, as HTTP or ISO write it; `Date.parse` alone takes "-5" and "12.5" for dates too. */
const DATED = /^(?:[a-z]{3,9},? .*\b(?:GMT|UTC)|\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d))$/i;

/**
 * Milliseconds that a `Retry-After` header asks for, in seconds or as a date; null where there is none that can be read.
 * It is what was asked, however long: how long to keep to it is decided elsewhere.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  const written = header?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(written)) return Number(written) * 1_000;
  const at = DATED.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
