/**
 * Every refusal of an import file, in words: the fact, and the way out. They are read by whoever keeps the table, mostly in a
 * spreadsheet, so they speak of columns, cells and lines and of nothing of ours. What refuses a row stands beside its field
 * and value; what refuses a file stands alone.
 */
const TIME_FORM = 'write it like 2026-03-14 15:09, or with its offset, like 2026-03-14T15:09:26+08:00';
const AS_TEXT =
  'format the column as text in the spreadsheet, then fill in the number again from where it came: what is lost cannot be seen in it';
const SAVE_AS = 'save it as .xlsx or as CSV UTF-8 (File, Save As) and import that';
const SAVE_AS_CSV = 'save it as CSV UTF-8 (in the spreadsheet: File, Save As, CSV UTF-8) and import that';

export const ROW_REFUSALS = {
  accountEmpty: () => 'it is empty; write the name of the account',
  accountUnknown: () =>
    'there is no account of this name; write it exactly as the list of accounts shows it, capital letters too',

  orderNumberEmpty: () => 'it is empty; write the order number as Lazada shows it',
  orderNotWritten: (why: string) =>
    `the database refuses to write this order: ${why}; have that mended, then import the row again`,
  orderUnknown: () =>
    'the account has no such order; compare it with Lazada, digit for digit, and where it is right import the row again once the host system has written the order',
  orderUnknownRounded: () =>
    `the account has no such order, and the zeros at its end look as if a spreadsheet had rounded it; ${AS_TEXT}`,

  idByExponent: () => `a spreadsheet has turned it into a number with an exponent and dropped digits; ${AS_TEXT}`,
  idTooManyDigits: (digits: number) =>
    `it is a number of ${digits} digits and a spreadsheet keeps 15 of them; ${AS_TEXT}`,
  idApostrophe: () => 'an apostrophe stands before it; take it off and write the number alone, as text',
  idFormula: () => 'it is written as a formula, ="…"; write the number alone, as text',
  idForm: () =>
    'it is not written as a number of this kind; write its digits and letters alone, without spaces, dots, commas or signs',
  dhlLostZeros: () =>
    `DHL's numbers of 20 digits begin with 00340434, and this one has lost both zeros, perhaps its last digits too; ${AS_TEXT}`,

  statusEmpty: () => 'it is empty; write a status, or the carrier and its number',
  statusUnknown: (statuses: readonly string[]) => `it is no status; write one of ${statuses.join(', ')}`,
  statusRelease: () =>
    'an order is released one by one and not by a file: by sof order release ACCOUNT ORDER_NUMBER, or over HTTP',

  timeEmpty: () => `it is empty; say when it happened: ${TIME_FORM}`,
  timeBuddhist: (year: number) =>
    `${year} is a year of the Buddhist calendar, ${year - 543} of the common one; write ${year - 543}: ${TIME_FORM}`,
  timeNumber: () =>
    `a spreadsheet has turned the time into a number; format the column as text, then write the time again: ${TIME_FORM}`,
  timeApostrophe: () => `an apostrophe or = stands before it; take it off: ${TIME_FORM}`,
  timeDayAlone: () => `it is a day without a time; ${TIME_FORM}`,
  timeWithoutDay: () => `it is a time without a day; ${TIME_FORM}`,
  timeDayOrMonthFirst: () =>
    `nobody can tell whether 3/4 is 3 April or 4 March, so the year stands first; ${TIME_FORM}`,
  timeNoSuch: () => `no calendar or clock shows this; ${TIME_FORM}`,
  timeLongAgo: (year: number) =>
    `the year ${year} is long past, as a spreadsheet writes it where a day is missing; ${TIME_FORM}`,
  timeOther: () => `it is not written in a form that is read; ${TIME_FORM}`,
  timeSkipped: (timezone: string) =>
    `clocks in ${timezone} left this hour out that night; write the time with its offset, like 2026-03-14T15:09:26+08:00`,
  timeRepeated: (timezone: string) =>
    `clocks in ${timezone} showed this hour twice that night; write the time with its offset, like 2026-03-14T15:09:26+08:00`,
  timeWithoutZone: () =>
    'the time zone of the account cannot be used; write the time with its offset, like 2026-03-14T15:09:26+08:00, or have the account mended',
  timeInFuture: (now: string, timezone: string) =>
    `it lies in the future, it is now ${now} in ${timezone}; a file tells what has happened: correct it, or import the row once it has`,
  timesTurned: () =>
    `some times of this column are dates and others texts like 14/03/2026: the spreadsheet has turned day and month of some, and none shows which; format the column as text and write every time again: ${TIME_FORM}`,

  cellFormula: () => 'it is a formula, whose value may be old; copy the column and paste it as values, then save again',
  cellError: () => 'the spreadsheet shows an error there; write the value itself',
  cellBoolean: () => 'it is a truth value of the spreadsheet; write the value as text',
  cellTooLong: (most: number) => `it has more than ${most} characters; shorten it`,

  rowTooManyCells: (cells: number, columns: number) =>
    `the row has ${cells} cells and the header ${columns}; put a text that holds the separator in double quotes`,
  rowStrayQuote: () =>
    'a double quote stands within a cell that does not begin with one, so the row cannot be split; put the cell in double quotes and double those within it',

  otherEnd: (line: number, status: string) =>
    `line ${line} says ${status} of the same; keep the line that is right and take the other out`,
  otherTime: (line: number) =>
    `line ${line} says the same with another time; keep the line that is right and take the other out`,
  otherNumber: (line: number) =>
    `line ${line} gives the same another number of a carrier; keep the line that is right, or name the package of each`,
} as const;

export const FILE_REFUSALS = {
  empty: () => 'the file is empty; export it again, and look whether the table is on the first sheet',
  noRows: () => 'the file has a header and no rows; fill in at least one row, and save it before you import it',
  headerLater: (line: number, first: number, last: number, sheet?: string) =>
    `the header stands in line ${line}${on(sheet)}; take out ${first === last ? `line ${first}` : `lines ${first} to ${last}`}, so that the header comes first`,
  headerMissing: (missing: readonly string[], sheet?: string) =>
    `the first line${on(sheet)} is not the header, or lacks ${missing.length > 1 ? 'the columns' : 'the column'} ${missing.join(', ')}; put them there as the template has them${sheet === undefined ? '' : ', and put the table on the first sheet'}`,
  headerOneColumn: () =>
    'the first line has one column only; separate the columns by comma, semicolon or tab, as the template does',
  columnTwice: (names: readonly string[]) =>
    `${names.join(', ')} ${names.length > 1 ? 'stand' : 'stands'} in the header more than once; take out or rename the columns that are too many`,
  tooManyColumns: (most: number) =>
    `it has more than ${most} columns; take out those that are not needed, the template shows which are`,

  quoteNotClosed: (line: number) =>
    `a double quote that opens a cell in line ${line} is not closed; close it there, and double every double quote within a cell`,
  rowTooLong: (line: number, most: number) =>
    `the row that begins in line ${line} has more than ${most.toLocaleString('en')} characters; close the double quote that is open there, or shorten the cell`,
  textWithNul: () => `it is no text: it holds NUL bytes; ${SAVE_AS}`,
  textUtf16WithoutMark: () =>
    'it is UTF-16 without the mark at its beginning that tells so; save it as CSV UTF-8 and import that',
  csvTooLarge: () => 'it has more than 1 GiB; split it into several files, each with the header',
  csvTooManyRows: (most: number) =>
    `it has more than ${most.toLocaleString('en')} rows, empty ones counted; take those out, or split it into several files, each with the header`,

  sheetTooLarge: () => `as a spreadsheet it may have 20 MB; ${SAVE_AS_CSV}, which may have 1 GiB`,
  sheetTooManyRows: (most: number, ofText: number) =>
    `as a spreadsheet it may have ${most.toLocaleString('en')} rows; ${SAVE_AS_CSV}, which may have ${ofText.toLocaleString('en')}`,
  sheetUnpacksToTooMuch: () =>
    `what is packed in the spreadsheet is too much to be read; copy the table alone into a new book, or ${SAVE_AS_CSV}`,
  sheetTextTooLong: (most: number) =>
    `a text in the spreadsheet has more than ${most.toLocaleString('en')} characters, which is more than a cell of Excel holds; shorten it, save and import it again`,
  sheetDamaged: () => `the spreadsheet is damaged; open it, save it again and import that, or ${SAVE_AS_CSV}`,
  sheetNoneShown: () => 'no sheet of the book is shown; show the sheet that has the table, save and import it again',
  sheetPassword: () =>
    'it is protected by a password; take the password off in the spreadsheet, save and import it again',

  oldExcel: () => `it is an old Excel file (.xls); open it and ${SAVE_AS}`,
  excelBinary: () => `it is a binary Excel book (.xlsb); open it and ${SAVE_AS}`,
  openDocument: () => `it is an OpenDocument file, as LibreOffice saves its sheets (.ods); open it and ${SAVE_AS}`,
  numbersDocument: () => 'it is a file of Apple Numbers; export it to Excel or CSV there and import that',
  otherDocument: () => `it is a document and no spreadsheet; put the table into a spreadsheet, ${SAVE_AS}`,
  webPage: () => `it is a web page, whatever its name says; open it in the spreadsheet and ${SAVE_AS}`,
  xmlFile: () => `it is an XML file; open it in the spreadsheet and ${SAVE_AS}`,
  jsonFile: () => `it is a JSON file and no table; ${SAVE_AS}`,
  zip: () => 'it is a zip; unpack it and import the files in it, one by one',
  packed: () => 'it is a packed archive; unpack it and import the files in it, one by one',
  pdf: () => 'it is a PDF, from which no table can be read safely; ask for the table itself as .xlsx or CSV',
  picture: () => 'it is a picture; ask for the table itself as .xlsx or CSV',
} as const;

function on(sheet: string | undefined): string {
  return sheet === undefined ? '' : ` of the sheet “${sheet}”`;
}

/** Why a file cannot be read at all: its import has failed. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

/** Long enough to find the cell by, short enough for a list. */
const SHOWN = 200;

/** A value as a list shows it: nothing that steers a terminal, and no novel. */
export function shown(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const text = value.slice(0, SHOWN + 1).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
  return value.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}…` : text;
}
