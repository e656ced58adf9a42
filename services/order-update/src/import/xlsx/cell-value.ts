/** What a cell of a sheet holds, by its type and its raw value. */
import type { Cell, SheetCell } from '@lazada-sof/orders';

const SECONDS_OF_A_DAY = 86_400;
/** Days from 1 January 1970 back to where sheets begin to count. Only days after February 1900 are read, so the leap day that Excel made up does not matter. */
const BEFORE_1970 = { since1900: 25_569, since1904: 24_107 } as const;
const LAST_DAY = 2_958_465;
/** Programs store a day as 41551.9999999998 too. A tenth of a second. */
const NOISE = 1e-6;

/** A cell that says of itself that it is a number. `text`: as the file has it. */
export function numberCell(text: string, isDate: boolean, since1904: boolean): Cell {
  const digits = text.trim();
  if (digits === '') return '';
  const serial = Number(digits);
  if (isDate && serial >= 0 && serial <= LAST_DAY) return dateCell(serial, digits, since1904);
  return { kind: 'number', text: Number.isNaN(serial) ? digits : writtenOut(digits) };
}

/** To the second: programs write 15:09 as a fraction that is a little less. */
function dateCell(serial: number, stored: string, since1904: boolean): SheetCell {
  const seconds = Math.round(serial * SECONDS_OF_A_DAY);
  const days = since1904 ? BEFORE_1970.since1904 : BEFORE_1970.since1900;
  const [day = '', time = ''] = new Date((seconds - days * SECONDS_OF_A_DAY) * 1_000)
    .toISOString()
    .slice(0, 19)
    .split('T');
  if (Math.abs(serial - Math.round(serial)) < NOISE) return { kind: 'date', text: day, stored };
  return { kind: 'date', text: serial < 1 ? time : `${day} ${time}`, stored };
}

/** A cell that holds a date in words (`t="d"`). Midnight is how programs write a day. */
export function wordedDateCell(value: string): SheetCell {
  const text = value.trim();
  const at = Date.parse(text.endsWith('Z') ? text : `${text}Z`);
  const stored = Number.isNaN(at) ? text : String(at / (SECONDS_OF_A_DAY * 1_000) + BEFORE_1970.since1900);
  return { kind: 'date', text: text.replace(/T00:00:00(\.0+)?Z?$/, ''), stored };
}

/** `4.001E+14`, as Excel stores a long number, in digits. */
function writtenOut(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?E\+?(\d+)$/i.exec(text);
  if (!parts) return text;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = parts;
  const places = Math.min(Number(exponent), 400);
  const digits = whole + fraction.slice(0, places).padEnd(places, '0');
  const rest = fraction.slice(places);
  return `${sign}${digits.replace(/^0+(?=\d)/, '')}${rest === '' ? '' : `.${rest}`}`;
}

/** `_x000D_` stands for a character that XML cannot hold, `_x005F_` for the `_` of a text that only looks like one. */
export const unescaped = (text: string): string =>
  text
    .replace(/_x([0-9A-Fa-f]{4})_/g, (whole, code: string) => {
      const unit = Number.parseInt(code, 16);
      return unit === 0 ? whole : String.fromCharCode(unit);
    })
    .toWellFormed();
