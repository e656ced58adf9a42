/** What a command prints: text for people, one JSON document for machines. */

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
  text: (line) => json || write(`${line}\n`),
  json: (value) => json && write(`${JSON.stringify(value)}\n`),
});

export const number = (value: number): string => value.toLocaleString('en');

/** Columns as wide as their widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
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
