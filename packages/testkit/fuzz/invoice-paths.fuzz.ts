/** Names of files: invoices on the target, by template and order, and names that others gave. */
import fc from 'fast-check';
import { checkForeignPath, checkPath, joined, withParents } from '../../clients/src/file-store/path.ts';
import { PathRefusedError } from '../../clients/src/index.ts';
import { csvLine } from '../../orders/src/files/csv.ts';
import {
  alternativeInvoicePath,
  DEFAULT_INVOICE_PATH_TEMPLATE,
  InvoiceTemplateError,
  invoicePath,
  invoiceTemplateMistakes,
} from '../../orders/src/invoice/invoice-path.ts';
import { NAMES_OF_THE_LANGUAGE } from './foreign-json.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

type Input = {
  readonly template: string;
  readonly account: string;
  readonly orderNumber: string;
  readonly part: number;
  readonly revision: number;
  readonly fetchedAt: Date;
};

const PLACEHOLDERS = [
  '{country}',
  '{account}',
  '{order_number}',
  '{yyyy}',
  '{mm}',
  '{_Ppart}',
  '{_Rrevision}',
  '.pdf',
  '/',
  '_',
  '-',
];
const ODD = [
  ...[
    '../../etc/passwd',
    '..',
    '.',
    '/',
    '\\',
    '',
    ' ',
    'a\r\nDELE b',
    '\0',
    '\u202e',
    'CON',
    'x'.repeat(300),
    '$&',
    "$'",
    '{}',
    '{',
  ],
  ...['{__proto__}', '{constructor}', 'ไทย', '\ud800', '%2e%2e', '~', '-rf', '＇', 'a.', 'nul.txt', '{order_number}'],
];
const TEMPLATES = [
  DEFAULT_INVOICE_PATH_TEMPLATE,
  '{account}/{order_number}.pdf',
  '{account}-{order_number}{_Rrevision}.pdf',
];
const word = fc.oneof(
  fc.constantFrom(...ODD, ...NAMES_OF_THE_LANGUAGE),
  fc.string({ unit: 'binary' }),
  mutatedText(['400100000214601', 'demo-sg']),
);

export default defineFuzz<Input>({
  known: [...TEMPLATES, ...ODD].flatMap((template) =>
    ODD.map((odd) => ({ template, account: odd, orderNumber: odd, part: 1, revision: 2, fetchedAt: new Date(0) })),
  ),
  inputs: fc.record({
    template: fc.oneof(
      mutatedText(TEMPLATES, [...PLACEHOLDERS, ...ODD]),
      fc.array(fc.constantFrom(...PLACEHOLDERS, ...ODD)).map((parts) => `${parts.join('')}.pdf`),
    ),
    account: word,
    orderNumber: word,
    part: fc.integer({ min: 1, max: 20 }),
    revision: fc.integer({ min: 1, max: 1_000 }),
    fetchedAt: fc.date({ min: new Date('1970-01-01'), max: new Date('9998-12-31'), noInvalidDate: true }),
  }),
  holds(input) {
    const path = pathOf(input);
    const mistakes = invoiceTemplateMistakes(input.template, input.account);
    const isUsual = /^\d{1,20}$/.test(input.orderNumber) && input.part <= 10 && input.revision <= 10;
    promised(mistakes.length > 0 || path !== null || !isUsual, 'a template without mistakes names each usual invoice');
    if (path !== null) {
      // What names a file for us is what every server is asked for.
      checkPath(path);
      checkPath(alternativeInvoicePath(path, 1));
      promised(alternativeInvoicePath(path, 1) !== path, 'another name');
    }
    for (const name of [input.template, input.account, input.orderNumber]) {
      if (isTaken(checkPath, name))
        promised(isTaken(checkForeignPath, name), `${name}: what we take of ourselves we take of others`);
      if (isTaken(checkForeignPath, name)) promised(!name.split('/').includes('..'), 'nothing leads upwards');
      promised(withParents(joined('/base', name)).length <= name.length + 1, 'as many folders as there are names');
      const cell = csvLine([name]).slice(0, -2);
      promised(!/^"?[=+\-@\t\r]/.test(cell), `no formula in a CSV of ours: ${cell}`);
    }
  },
});

function pathOf(input: Input): string | null {
  try {
    return invoicePath({ ...input, country: 'SG', timezone: 'Asia/Singapore' });
  } catch (error) {
    if (error instanceof InvoiceTemplateError) return null;
    throw error;
  }
}

function isTaken(check: (path: string) => void, path: string): boolean {
  try {
    check(path);
    return true;
  } catch (error) {
    if (error instanceof PathRefusedError) return false;
    throw error;
  }
}
