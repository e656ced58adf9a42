/**
 * Under which name an invoice is put on the target. The name depends on what the invoice is and on the day on which
 * this revision was fetched, never on the time of the upload: an upload that runs twice meets its own file.
 */
import { localClock } from '../days/days.ts';
import { pathPart } from '../files/path-part.ts';
import type { Country } from '../model/order.ts';

export const DEFAULT_INVOICE_PATH_TEMPLATE =
  '{country}/{yyyy}/{mm}/INV_{country}_{account}_{order_number}{_Ppart}{_Rrevision}.pdf';

export type InvoiceName = {
  /** The account's own, else the installation's, else the default. */
  readonly template?: string | null | undefined;
  readonly country: Country;
  /** The account's name. */
  readonly account: string;
  readonly orderNumber: string;
  readonly part: number;
  readonly revision: number;
  readonly fetchedAt: Date;
  /** The account's time zone: its month names the folder. */
  readonly timezone: string;
};

/** A template that cannot name an invoice. The message holds the template and everything that is wrong with it. */
export class InvoiceTemplateError extends Error {
  override readonly name = 'InvoiceTemplateError';
  readonly mistakes: readonly string[];

  constructor(template: string, mistakes: readonly string[]) {
    super(`invoice path template "${template}": ${mistakes.join('; ')}`);
    this.mistakes = mistakes;
  }
}

const PLACEHOLDERS: Record<string, (name: InvoiceName) => string> = {
  country: ({ country }) => pathPart(country),
  account: ({ account }) => pathPart(account),
  order_number: ({ orderNumber }) => pathPart(orderNumber),
  yyyy: ({ fetchedAt, timezone }) => localYearMonth(fetchedAt, timezone).year,
  mm: ({ fetchedAt, timezone }) => localYearMonth(fetchedAt, timezone).month,
  _Ppart: ({ part }) => numbered('_P', part),
  _Rrevision: ({ revision }) => numbered('_R', revision),
};
const PLACEHOLDER = /\{([^{}]*)\}/g;
const MAX_NAME = 120;

/**
 * What is wrong with a template, in words; empty: nothing. For every door through which a template comes in; `account`, if
 * it is known, is the name of the account that it is for.
 */
export function invoiceTemplateMistakes(template: string, account = ''): string[] {
  const mistakes = grammarMistakes(template);
  return mistakes.length > 0 ? mistakes : nameMistakes(fillIn(template, { ...LONGEST, account }));
}

/** As long as Lazada's order numbers, parts and revisions may come to be, with room. */
const LONGEST = {
  country: 'SG',
  orderNumber: '9'.repeat(20),
  part: 10,
  revision: 10,
  fetchedAt: new Date(0),
  timezone: 'UTC',
} as const;

/** Names that Windows gives to devices, with or without an ending: no file of one is put anywhere. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

const nameMistakes = (path: string): string[] => [
  ...(path.split('/').some((part) => part.length > MAX_NAME)
    ? [`it makes a name longer than ${MAX_NAME} characters: ${path}`]
    : []),
  ...(path.split('/').some((part) => DEVICE.test(part))
    ? [`it makes a name that is a device's on Windows: ${path}`]
    : []),
];

function grammarMistakes(template: string): string[] {
  const unknown = [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '').filter((name) => !isKnown(name));
  const literal = template.replace(PLACEHOLDER, 'x');
  return [
    ...unknown.map((name) => `{${name}} is no placeholder, use ${placeholderList()}`),
    ...(template.includes('{order_number}') ? [] : ['{order_number} is missing, every order needs a name of its own']),
    ...(!template.includes('{order_number}') || tellsOrdersApart(template)
      ? []
      : [
          '{account} touches {order_number}, so that two orders could have one name: put a "_", a "-" or a "/" between them',
        ]),
    ...(template.endsWith('.pdf') ? [] : ['it must end in .pdf']),
    ...(/^[A-Za-z0-9._/-]*$/.test(literal)
      ? []
      : ['only letters, digits, ".", "_", "-" and "/" may stand between placeholders']),
    ...(literal.split('/').every(isName) ? [] : ['no part between "/" may be empty, begin with "." or hold ".."']),
  ];
}

/**
 * Order 23 of `shop1` and order 123 of `shop` are `shop123` both, unless the number stands apart somewhere. Year, month and
 * country are as long in every name.
 */
function tellsOrdersApart(template: string): boolean {
  const parts = template.split(/(\{[^{}]*\})/).filter((part) => part !== '' && !MAYBE_EMPTY.has(part));
  return parts.some(
    (part, at) => part === '{order_number}' && parts[at - 1] !== '{account}' && parts[at + 1] !== '{account}',
  );
}
const MAYBE_EMPTY: ReadonlySet<string> = new Set(['{_Ppart}', '{_Rrevision}']);

/**
 * The path of an invoice below the target's base folder.
 * @throws InvoiceTemplateError
 */
export function invoicePath(name: InvoiceName): string {
  const template = name.template ?? DEFAULT_INVOICE_PATH_TEMPLATE;
  const mistakes = grammarMistakes(template);
  // What has mistakes of grammar cannot be filled in.
  const path = mistakes.length > 0 ? '' : fillIn(template, name);
  const all = [...mistakes, ...nameMistakes(path)];
  if (all.length > 0) throw new InvoiceTemplateError(template, all);
  return path;
}

const fillIn = (template: string, name: InvoiceName): string =>
  withPartAndRevision(template).replace(PLACEHOLDER, (_, key: string) => PLACEHOLDERS[key]?.(name) ?? '');

/**
 * The n-th other name (n from 1) for a file whose own name is taken by other content: the next revisions' names.
 */
export function alternativeInvoicePath(path: string, n: number): string {
  const [, stem = path, revision = '1'] = /^(.*?)(?:_R(\d+))?\.pdf$/.exec(path) ?? [];
  return `${stem}_R${Number(revision) + n}.pdf`;
}

/** A template without them would give two parts, or two revisions, one name: they go behind the rest. */
function withPartAndRevision(template: string): string {
  const missing = ['{_Ppart}', '{_Rrevision}'].filter((placeholder) => !template.includes(placeholder));
  return template.replace(/\.pdf$/, () => `${missing.join('')}.pdf`);
}

const isKnown = (placeholder: string): boolean => Object.hasOwn(PLACEHOLDERS, placeholder);
const isName = (part: string): boolean => part !== '' && !part.startsWith('.') && !part.includes('..');
const placeholderList = (): string =>
  Object.keys(PLACEHOLDERS)
    .map((key) => `{${key}}`)
    .join(' ');
const numbered = (prefix: string, n: number): string => (n >= 2 ? `${prefix}${n}` : '');

function localYearMonth(at: Date, timeZone: string): { year: string; month: string } {
  const [year = '', month = ''] = localClock(at, timeZone).day.split('-');
  return { year, month };
}
