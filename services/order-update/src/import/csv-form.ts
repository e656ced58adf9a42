/** How a text is cut into cells, as its first lines show it. */
import { columnNamed } from '@lazada-sof/orders';

export type CsvForm = { readonly separator: string; readonly hasSeparatorLine: boolean };

const SEPARATORS = [',', ';', '\t'] as const;
/** Excel obeys it and no standard knows it. */
const SEPARATOR_LINE = /^"?sep=([^\r\n"])"?[ ,;\t]*(?:\r\n?|\n|$)/i;
const FIRST_LINES = 20;

/** @param head the beginning of the text, without a mark of its encoding */
export function csvForm(head: string): CsvForm {
  const said = SEPARATOR_LINE.exec(head)?.[1];
  if (said !== undefined) return { separator: said, hasSeparatorLine: true };
  const lines = head.split(/\r\n?|\n/, FIRST_LINES).filter((line) => line.trim() !== '');
  const [best = ','] = [...SEPARATORS].sort((one, other) => weight(lines, other) - weight(lines, one));
  return { separator: best, hasSeparatorLine: false };
}

/** By how many of our columns a line has if it is cut there; where no line has any, by how often it stands in the first. */
function weight(lines: readonly string[], separator: string): number {
  const columns = lines.map((line) => line.split(separator).filter((cell) => columnNamed(unquoted(cell))).length);
  const pieces = (lines[0] ?? '').split(separator).length;
  return Math.max(0, ...columns) + Math.min(pieces, 1_000) / 10_000;
}

const unquoted = (cell: string): string => cell.trim().replace(/^"(.*)"$/, '$1');
