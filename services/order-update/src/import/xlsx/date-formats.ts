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
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let isOfCells = false;
  if (path !== undefined)
    await readWholeXml(book.read(path, MOST_BYTES.styles), {
      open: (name, { numFmtId, formatCode }) => {
        if (name === 'numFmt') codes.set(Number(numFmtId), formatCode ?? '');
        if (name === 'cellXfs') isOfCells = true;
        if (name === 'xf' && isOfCells) formats.push(Number(numFmtId ?? 0));
      },
      close: (name) => {
        if (name === 'cellXfs') isOfCells = false;
      },
      text: () => undefined,
    });
  const styles = formats.flatMap((format, style) => (isDateFormat(format, codes.get(format)) ? [style] : []));
  return new Set(styles);
}

/** @param code what the book itself says of the format, if it does */
export const isDateFormat = (format: number, code: string | undefined): boolean =>
  code === undefined ? BUILT_IN.has(format) : showsADate(code);

function showsADate(code: string): boolean {
  const [positive = ''] = code
    .replace(/"[^"]*"|\\.|[_*]./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .split(';');
  if (/^general$/i.test(positive.trim())) return false;
  return /[ymdhsebg]/i.test(positive.replace(/E[+-]/gi, ''));
}
