/** Ids of others as a file holds them, and what spreadsheets do to them. */
import { isLonger, LONGEST } from '../doors/limits.ts';
import { type Cell, DIGITS_OF_A_NUMBER, digitsIn, textOf, withoutOurApostrophe } from './cell.ts';
import { ROW_REFUSALS } from './refusals.ts';

const AN_ID = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const BY_EXPONENT = /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i;
const APOSTROPHES = /^['`´‘’＇]/;

/** The text of a cell: without spaces around it, and without an apostrophe of ours. */
export const trimmed = (cell: Cell | undefined): string => withoutOurApostrophe(textOf(cell)).trim();

/** What is wrong with a text in an id's column; undefined: nothing. */
export function mistakeOfId(text: string, cell: Cell | undefined): string | undefined {
  if (BY_EXPONENT.test(text)) return ROW_REFUSALS.idByExponent();
  if (typeof cell === 'object' && cell.kind === 'number' && digitsIn(text) > DIGITS_OF_A_NUMBER)
    return ROW_REFUSALS.idTooManyDigits(digitsIn(text));
  if (APOSTROPHES.test(text)) return ROW_REFUSALS.idApostrophe();
  if (/^=\s*"/.test(text)) return ROW_REFUSALS.idFormula();
  if (isLonger(text, LONGEST.orderNumber)) return ROW_REFUSALS.cellTooLong(LONGEST.orderNumber);
  return AN_ID.test(text) ? undefined : ROW_REFUSALS.idForm();
}

/** Why an order number is not known: a spreadsheet writes zeros from the 16th digit on. */
export const whyOrderUnknown = (orderNumber: string): string =>
  orderNumber.length > DIGITS_OF_A_NUMBER && /00$/.test(orderNumber)
    ? ROW_REFUSALS.orderUnknownRounded()
    : ROW_REFUSALS.orderUnknown();
