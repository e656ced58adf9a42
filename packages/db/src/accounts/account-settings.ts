/**
 * The settings of an account that the host may write at any time, read at the border: what can be used of them, and what
 * cannot, in words. Nothing is guessed in its place: an account with a mistake is not active.
 */
import { COUNTRIES, type Country, invoiceTemplateMistakes } from '@lazada-sof/orders';
import { isTimezone } from './timezone.ts';

export type HostSettings = {
  readonly name: string;
  readonly country: string | null;
  readonly timezone: string | null;
  readonly invoicePathTemplate: string | null;
};

export type Settings = {
  readonly country: Country | null;
  /** Always one that can be used; the country's where the account names none. */
  readonly timezone: string;
  readonly invoicePathTemplate: string | null;
  readonly mistakes: readonly string[];
};

const TIMEZONES: Readonly<Record<Country, string>> = {
  SG: 'Asia/Singapore',
  MY: 'Asia/Kuala_Lumpur',
  TH: 'Asia/Bangkok',
  VN: 'Asia/Ho_Chi_Minh',
  PH: 'Asia/Manila',
  ID: 'Asia/Jakarta',
};

export function readSettings(written: HostSettings): Settings {
  const [country, timezone, template] = [written.country, written.timezone, written.invoicePathTemplate].map(
    blankIsNone,
  );
  const known = COUNTRIES.find((one) => one === country?.toUpperCase()) ?? null;
  const zone = timezone ?? null;
  return {
    country: known,
    timezone: zone !== null && isTimezone(zone) ? zone : known ? TIMEZONES[known] : 'UTC',
    invoicePathTemplate: template ?? null,
    mistakes: [
      ...(known ? [] : [countryMistake(country ?? null)]),
      ...(zone === null || isTimezone(zone) ? [] : [`time zone "${zone}" ${NO_TIMEZONE}`]),
      ...templateMistakes(template ?? null, written.name),
    ],
  };
}

export const NO_TIMEZONE = 'is no IANA time zone; write one like Asia/Bangkok';

const blankIsNone = (text: string | null) => text?.trim() || null;

const countryMistake = (country: string | null) =>
  `${country === null ? 'it has no country' : `country "${country}" is none of Lazada's`}; write one of ${COUNTRIES.join(', ')}`;

function templateMistakes(template: string | null, account: string): string[] {
  const mistakes = template === null ? [] : invoiceTemplateMistakes(template, account);
  return mistakes.length === 0 ? [] : [`invoice path template "${template}": ${mistakes.join('; ')}`];
}
