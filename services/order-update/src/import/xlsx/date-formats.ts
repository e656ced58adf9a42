/** Which formats of cells show a number as a date or time. Which calendar they show, Thai ones too, does not matter: the number is the same. */
import { MOST_BYTES, type Package } from './package.ts';
import { readWholeXml } from './xml.ts';

/** Built into every program, whatever the country: ECMA-376, 18.8.30. */
const BUILT_IN = new Set([
  14,
  15,
  16,
  17,
  18,
  19,
  20,
  21,
  22,
  ...range(27, 36),
  45,
  46,
  47,
  ...range(50, 58),
  ...range(71, 81),
]);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** The styles of cells (the `s` of a cell) that show dates. */
export async function dateStyles(book: Package, path: string | undefined): Promise<ReadonlySet<number>> {
  const said = new Map<number, boolean>();
  const formats: number[] = [];
  let isOfCells = false;
  if (path !== undefined)
    await readWholeXml(book.read(path, MOST_BYTES.styles), {
      open: (name, { numFmtId, formatCode }) => {
        if (name === 'numFmt') said.set(Number(numFmtId), isDateFormat(Number(numFmtId), formatCode ?? ''));
        if (name === 'cellXfs') isOfCells = true;
        if (name === 'xf' && isOfCells) formats.push(Number(numFmtId ?? 0));
      },
      close: (name) => {
        if (name === 'cellXfs') isOfCells = false;
      },
      text: () => undefined,
    });
  const styles = formats.flatMap((format, style) =>
    (said.get(format) ?? isDateFormat(format, undefined)) ? [style] : [],
  );
  return new Set(styles);
}

/** Excel's own limit. Nobody sees what a longer one shows, so it is as if the book had said nothing. */
const LONGEST_CODE = 255;

/** @param code what the book itself says of the format, if it does */
export const isDateFormat = (format: number, code: string | undefined): boolean =>
  code === undefined || code.length > LONGEST_CODE ? BUILT_IN.has(format) : showsADate(code);

/** The end is optional, so that what is not closed is read through once and not from each of its brackets on. */
const IN_BRACKETS = /\[([^\]]*)(\]?)/g;
/** Hours, minutes or seconds beyond a day. */
const ELAPSED = /^(?:h+|m+|s+)$/i;

function showsADate(code: string): boolean {
  const [positive = ''] = code
    .replace(/"[^"]*"|\\.|[_*]./g, '')
    .replace(IN_BRACKETS, (whole, inner: string, end: string) => (end === '' || ELAPSED.test(inner) ? whole : ''))
    .split(';');
  if (/^general$/i.test(positive.trim())) return false;
  return /[ymdhsebg]/i.test(positive.replace(/E[+-]/gi, ''));
}
