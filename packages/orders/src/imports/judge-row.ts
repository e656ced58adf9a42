/** One row of an import file by itself: what it says of an order, or every mistake in it. */
import { localClock } from '../days/days.ts';
import { hasLostZeros, withoutSpaces } from '../doors/carrier-number.ts';
import { isLonger, LONGEST } from '../doors/limits.ts';
import { type NarrowUpdate, UPDATE_STATUSES } from '../doors/update.ts';
import type { Country } from '../model/order.ts';
import { MINUTE } from '../model/schedules.ts';
import { type Cell, type RawRow, textOf } from './cell.ts';
import { type Header, type ImportColumn, looseWord } from './columns.ts';
import { isDayOrMonthFirst, readTime, type UnreadableTime } from './occurred-at.ts';
import { mistakeOfId, trimmed } from './read-id.ts';
import { ROW_REFUSALS, shown } from './refusals.ts';
import { momentOf } from './wall-time.ts';

/** What has to be known of an account to read its rows. */
export type ImportAccount = {
  readonly country: Country | null;
  /** Null: the account's cannot be used. */
  readonly timezone: string | null;
};

export type ImportUpdate = Omit<NarrowUpdate, 'requestId'>;

/** A row in which nothing is wrong by itself. */
export type ImportRow = {
  readonly line: number;
  readonly account: string;
  readonly orderNumber: string;
  readonly update: ImportUpdate;
};

export type Mistake = {
  /** A column, or `row` where it is the row as a whole. */
  readonly field: ImportColumn | 'row';
  readonly value: string;
  readonly reason: string;
};

export type Judged =
  | { readonly ok: true; readonly row: ImportRow }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

export type JudgedBy = {
  readonly header: Header;
  /** By name; one that is missing is no account. */
  readonly accounts: ReadonlyMap<string, ImportAccount>;
  readonly now: Date;
  /** The sheet has date cells beside day-first or month-first texts in `occurred_at`. */
  readonly datesAreTurned: boolean;
  /** Of a file of text a row with more cells than the header was split wrongly; a sheet may have notes beside the table. */
  readonly isText: boolean;
};

/** What a file may say; who releases an order has seen it. */
export const IMPORT_STATUSES = UPDATE_STATUSES.filter((status) => status !== 'release');
const FUTURE_TOLERANCE = 5 * MINUTE;

export function judgeRow(raw: RawRow, by: JudgedBy): Judged {
  if (raw.isBroken) return { ok: false, mistakes: [{ field: 'row', value: '', reason: ROW_REFUSALS.rowStrayQuote() }] };
  const reader = new RowReader(raw, by);
  const account = reader.account();
  const orderNumber = reader.orderNumber();
  const update = reader.update(account);
  const mistakes = [...reader.mistakes, ...tooManyCells(raw, by)];
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, row: { line: raw.line, account, orderNumber, update } };
}

function tooManyCells({ cells }: RawRow, { header, isText }: JudgedBy): Mistake[] {
  if (!isText || cells.length <= header.cells.length) return [];
  const beyond = cells.slice(header.cells.length).map(textOf);
  const first = beyond.find((text) => text.trim() !== '');
  if (first === undefined) return [];
  const reason = ROW_REFUSALS.rowTooManyCells(cells.length, header.cells.length);
  return [{ field: 'row', value: shown(first), reason }];
}

/** What stands in a column of the row, as a refusal shows it. */
export const writtenIn = (raw: RawRow, header: Header, column: ImportColumn): string =>
  trimmed(cellIn(raw, header, column));

function cellIn({ cells }: RawRow, { places }: Header, column: ImportColumn): Cell | undefined {
  const place = places[column];
  return place === undefined ? undefined : cells[place];
}

class RowReader {
  readonly mistakes: Mistake[] = [];
  readonly #raw: RawRow;
  readonly #by: JudgedBy;

  constructor(raw: RawRow, by: JudgedBy) {
    this.#raw = raw;
    this.#by = by;
  }

  account(): string {
    const name = this.#text('account');
    if (name === undefined) return '';
    if (name === '') this.#refuse('account', name, ROW_REFUSALS.accountEmpty());
    else if (isLonger(name, LONGEST.account)) this.#refuse('account', name, ROW_REFUSALS.cellTooLong(LONGEST.account));
    else if (!this.#by.accounts.has(name)) this.#refuse('account', name, ROW_REFUSALS.accountUnknown());
    return name;
  }

  orderNumber(): string {
    const text = this.#text('order_number');
    if (text === undefined) return '';
    if (text === '') this.#refuse('order_number', text, ROW_REFUSALS.orderNumberEmpty());
    else this.#checkId('order_number', text);
    return text;
  }

  update(account: string): ImportUpdate {
    const carrier = this.#carrier();
    const carrierTrackingNumber = this.#carrierNumber(carrier);
    const status = this.#status(this.#isGiven('carrier_tracking_number'));
    const occurredAt = this.#occurredAt(account, this.#isGiven('status'));
    const packageId = this.#id('package_id');
    const trackingNumber = this.#id('tracking_number');
    const reason = this.#reason();
    return {
      ...(status !== undefined && { status }),
      ...(occurredAt !== undefined && { occurredAt }),
      ...(packageId !== undefined && { packageId }),
      ...(trackingNumber !== undefined && { trackingNumber }),
      ...(carrier !== undefined && { carrier }),
      ...(carrierTrackingNumber !== undefined && { carrierTrackingNumber }),
      ...(reason !== undefined && { reason }),
    };
  }

  #status(hasNumber: boolean): NarrowUpdate['status'] {
    const text = this.#text('status');
    if (text === undefined) return undefined;
    if (text === '') {
      if (!hasNumber) this.#refuse('status', text, ROW_REFUSALS.statusEmpty());
      return undefined;
    }
    const word = looseWord(text);
    const status = IMPORT_STATUSES.find((known) => known === word);
    if (word === 'release') this.#refuse('status', text, ROW_REFUSALS.statusRelease());
    else if (status === undefined) this.#refuse('status', text, ROW_REFUSALS.statusUnknown(IMPORT_STATUSES));
    return status;
  }

  #occurredAt(account: string, isNeeded: boolean): Date | undefined {
    const cell = this.#cell('occurred_at');
    const text = this.#text('occurred_at');
    if (text === undefined) return undefined;
    if (text === '') {
      if (isNeeded) this.#refuse('occurred_at', text, ROW_REFUSALS.timeEmpty());
      return undefined;
    }
    const refusal = this.#turned(cell, text);
    const read = refusal === undefined ? this.#moment(account, cell, text) : { refusal };
    if ('at' in read) return new Date(read.at);
    if (read.refusal !== undefined) this.#refuse('occurred_at', text, read.refusal);
    return undefined;
  }

  #turned(cell: Cell | undefined, text: string): string | undefined {
    if (!this.#by.datesAreTurned) return undefined;
    const isDate = typeof cell === 'object' && cell.kind === 'date';
    return isDate || isDayOrMonthFirst(text) ? ROW_REFUSALS.timesTurned() : undefined;
  }

  /** Neither: the account is unknown, which is refused already. */
  #moment(
    name: string,
    cell: Cell | undefined,
    text: string,
  ): { readonly at: number } | { readonly refusal: string | undefined } {
    if (typeof cell === 'object' && cell.kind === 'number') return { refusal: ROW_REFUSALS.timeNumber() };
    const told = readTime(text);
    if (told.kind === 'unreadable') return { refusal: WORDS_OF_TIME[told.why](told.year ?? 0) };
    const account = this.#by.accounts.get(name);
    if (told.kind === 'moment') return this.#notInFuture(told.at, account?.timezone);
    if (!account) return { refusal: undefined };
    if (account.timezone === null) return { refusal: ROW_REFUSALS.timeWithoutZone() };
    const moment = momentOf(told.wall, account.timezone);
    if (moment.kind === 'skipped') return { refusal: ROW_REFUSALS.timeSkipped(account.timezone) };
    if (moment.kind === 'repeated') return { refusal: ROW_REFUSALS.timeRepeated(account.timezone) };
    return this.#notInFuture(moment.at, account.timezone);
  }

  /** Now is told by the account's clock, by which whoever wrote the cell reads it. */
  #notInFuture(
    at: number,
    timezone: string | null | undefined,
  ): { readonly at: number } | { readonly refusal: string } {
    const { now } = this.#by;
    if (at <= now.getTime() + FUTURE_TOLERANCE) return { at };
    const zone = timezone ?? 'UTC';
    const { day, time } = localClock(now, zone);
    return { refusal: ROW_REFUSALS.timeInFuture(`${day} ${time}`, zone) };
  }

  #carrier(): string | undefined {
    const text = this.#text('carrier');
    if (!text) return undefined;
    if (isLonger(text, LONGEST.carrier)) this.#refuse('carrier', text, ROW_REFUSALS.cellTooLong(LONGEST.carrier));
    return text.toLowerCase();
  }

  #carrierNumber(carrier: string | undefined): string | undefined {
    const text = this.#text('carrier_tracking_number');
    if (!text) return undefined;
    const number = withoutSpaces(text);
    if (!this.#checkId('carrier_tracking_number', number, text)) return undefined;
    if (hasLostZeros(carrier, number)) this.#refuse('carrier_tracking_number', text, ROW_REFUSALS.dhlLostZeros());
    return number;
  }

  #id(column: 'package_id' | 'tracking_number'): string | undefined {
    const text = this.#text(column);
    if (!text) return undefined;
    return this.#checkId(column, text) ? text : undefined;
  }

  #checkId(column: ImportColumn, text: string, asItStands = text): boolean {
    const mistake = mistakeOfId(text, this.#cell(column));
    if (mistake !== undefined) this.#refuse(column, asItStands, mistake);
    return mistake === undefined;
  }

  #reason(): string | undefined {
    const text = this.#text('reason');
    if (!text) return undefined;
    if (isLonger(text, LONGEST.reason)) this.#refuse('reason', text, ROW_REFUSALS.cellTooLong(LONGEST.reason));
    return text;
  }

  #isGiven(column: ImportColumn): boolean {
    return trimmed(this.#cell(column)) !== '';
  }

  /** Undefined: it is no text, and is refused. */
  #text(column: ImportColumn): string | undefined {
    const cell = this.#cell(column);
    const text = trimmed(cell);
    if (typeof cell !== 'object' || cell.kind === 'number' || cell.kind === 'date') return text;
    this.#refuse(column, cell.kind === 'formula' ? `=${cell.formula}` : text, WORDS_OF_KIND[cell.kind]());
    return undefined;
  }

  #cell(column: ImportColumn): Cell | undefined {
    return cellIn(this.#raw, this.#by.header, column);
  }

  #refuse(field: ImportColumn, value: string, reason: string): void {
    if (!this.mistakes.some((mistake) => mistake.field === field))
      this.mistakes.push({ field, value: shown(value), reason });
  }
}

const WORDS_OF_KIND = {
  formula: ROW_REFUSALS.cellFormula,
  error: ROW_REFUSALS.cellError,
  boolean: ROW_REFUSALS.cellBoolean,
} as const;

const WORDS_OF_TIME: Readonly<Record<UnreadableTime, (year: number) => string>> = {
  buddhist: ROW_REFUSALS.timeBuddhist,
  number: ROW_REFUSALS.timeNumber,
  apostrophe: ROW_REFUSALS.timeApostrophe,
  day_alone: ROW_REFUSALS.timeDayAlone,
  time_alone: ROW_REFUSALS.timeWithoutDay,
  day_or_month_first: ROW_REFUSALS.timeDayOrMonthFirst,
  no_such_time: ROW_REFUSALS.timeNoSuch,
  long_ago: ROW_REFUSALS.timeLongAgo,
  other: ROW_REFUSALS.timeOther,
};
