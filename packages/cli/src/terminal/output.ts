/** What a command prints: text for people, one JSON document for machines. Nothing of it steers a terminal, whoever's words it holds. */
import { oneLine, printable, printableJson } from '@lazada-sof/redact';

export type Print = {
  /** For people; nothing where the command was asked for JSON. */
  text(line: string): void;
  /** For machines; nothing where it was not. */
  json(value: unknown): void;
};

export const printer = (
  json: boolean,
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Print => ({
  text: (line) => json || write(`${printable(line)}\n`),
  json: (value) => json && write(`${printableJson(JSON.stringify(value))}\n`),
});

/** Said beside what was asked for, on the standard error. */
export const warn = (words: string): void => void process.stderr.write(`${printable(words)}\n`);

export const number = (value: number): string => value.toLocaleString('en');

/** Columns as wide as their widest cell, a row a line: words of others begin none. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows.map((row) => row.map(oneLine))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
