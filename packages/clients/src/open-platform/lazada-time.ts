/**
 * A time as Lazada writes it: ISO 8601 with an offset, `2024-05-01 10:00:00 +0800`, or the digits of an epoch in
 * milliseconds (or seconds). Null for anything else: a time without an offset would have to be guessed.
 */
export function parseLazadaTime(text: string): Date | null {
  const written = text.trim();
  if (/^\d+$/.test(written)) return dateOf(fromEpoch(Number(written)));
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d:?\d\d)$/.exec(written);
  if (match === null) return null;
  const [, day, time, offset = ''] = match;
  return dateOf(Date.parse(`${day}T${time}${offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`));
}

/** Seconds have stayed below this since 1970 and will until the year 5138; milliseconds passed it in 1973. */
const LAST_SECONDS = 1e11;
const fromEpoch = (epoch: number) => (epoch > LAST_SECONDS ? epoch : epoch * 1_000);
const dateOf = (ms: number) => (Number.isNaN(new Date(ms).getTime()) ? null : new Date(ms));
