/** The forms in which values are written: numbers, durations, addresses. */
import { z } from 'zod';

/** Reads the text of a variable. Its error messages say how to write the value; they are shown to the operator as they are. */
export type TextType<Value> = z.ZodType<Value, string>;

export const text = z.string();

/** A secret of somebody's own: long, without spaces (so a placeholder in words is refused). */
export const longSecret = z
  .string()
  .regex(/^\S{16,}$/, 'write at least 16 characters without spaces, for example the output of: openssl rand -hex 32');

export const oneOf = <const Choice extends readonly string[]>(choices: Choice): TextType<Choice[number]> =>
  z.enum(choices, { error: `write one of: ${choices.join(', ')}` });

export const trueOrFalse: TextType<boolean> = z
  .enum(['true', 'false'], { error: 'write true or false' })
  .transform((written) => written === 'true');

export const wholeNumber = (from: number, to: number): TextType<number> =>
  z
    .string()
    .regex(/^\d{1,9}$/, `write a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `write a whole number from ${from} to ${to}`);

/** Port 0 means: any free one. */
export const port = wholeNumber(0, 65_535);

export const positiveNumber: TextType<number> = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'write a number above 0, for example 10 or 0.5')
  .transform(Number)
  .refine((value) => value > 0, 'write a number above 0, for example 10 or 0.5');

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A whole number with its unit (ms, s, m, h, d), as milliseconds; NaN where it is none. */
export function millisecondsOf(written: string): number {
  const [, count, unit] = /^(\d{1,9})(ms|[smhd])$/.exec(written) ?? [];
  return unit === undefined ? Number.NaN : Number(count) * UNITS[unit as keyof typeof UNITS];
}

const HOW_LONG = 'write a number with its unit: 500ms, 30s, 5m or 1h';

/** `500ms`, `30s`, `5m`, `1h`, as milliseconds. */
export const duration: TextType<number> = z
  .string()
  .regex(/^\d{1,9}(ms|s|m|h)$/, HOW_LONG)
  .transform(millisecondsOf)
  .refine((ms) => ms > 0 && ms <= 24 * UNITS.h, `${HOW_LONG}; more than nothing, at most a day`);

const DAYS_KEPT = 'write whole days, at least 30, for example 400d; leave it out to keep it for ever';

/** `400d`, as a number of days: from 30 on, since what is younger is still in use. */
export const daysKept: TextType<number> = z
  .string()
  .regex(/^\d{1,5}d$/, DAYS_KEPT)
  .transform((written) => Number.parseInt(written, 10))
  .refine((days) => days >= 30 && days <= 36_500, DAYS_KEPT);

const HOW_LONG_AFTER =
  'write times with commas between them, each later than the one before, the last within a year, for example 1d,7d,30d (units: m, h, d), or none';

/** `1d,7d,30d`, as milliseconds; `none`: empty. */
export const offsets: TextType<readonly number[]> = z
  .string()
  .regex(/^(none|\d{1,6}[mhd](,\d{1,6}[mhd]){0,9})$/, HOW_LONG_AFTER)
  .transform((written) => (written === 'none' ? [] : written.split(',').map(millisecondsOf)))
  .refine((all) => all.every((ms, at) => ms > (all[at - 1] ?? 0) && ms <= 365 * UNITS.d), HOW_LONG_AFTER);

/** An address with one of these schemes. Its text is kept as written. */
export const urlOf = (...schemes: readonly string[]): TextType<string> =>
  z
    .string()
    .refine(
      (written) => URL.canParse(written) && schemes.includes(new URL(written).protocol.slice(0, -1)),
      `write an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}; in user name and password encode special characters as %XX`,
    );

/** The base of an HTTP API, without a slash at its end. */
export const httpBase: TextType<string> = urlOf('http', 'https').transform((written) => written.replace(/\/+$/, ''));

export const httpPath: TextType<string> = z
  .string()
  .regex(/^\/[^\s?#]*$/, 'write a path that begins with /, without a query, the slash at its end included');
