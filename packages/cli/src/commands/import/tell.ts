/** An import that is over, in words. */
import type { ImportError, ImportView } from '@lazada-sof/db';
import { number } from '../../terminal/output.ts';

export const SHOWN_MISTAKES = 10;

export const shown = ({
  importId,
  fileName,
  status,
  dryRun,
  rows,
  accepted,
  refused,
  error,
  duplicateOf,
}: ImportView) => ({
  ...{ id: importId, fileName, status, dryRun, rows, accepted, refused, error, duplicateOf },
});

export function linesOf(view: ImportView, mistakes: readonly ImportError[]): string[] {
  const { importId, refused } = view;
  return [
    headline(view),
    ...factsOf(view),
    ...mistakes.map(({ line, field, value, reason }) => `  line ${line}, ${field} ${JSON.stringify(value)}: ${reason}`),
    ...(mistakes.length > 0
      ? [
          `  ${mistakes.length < SHOWN_MISTAKES ? 'The same' : 'All of them'}: GET /v1/imports/${importId}/errors.csv; the ${number(refused)} refused rows, to be mended and imported again: …/refused.csv`,
        ]
      : []),
  ];
}

function headline({ importId, fileName, status, rows, accepted, refused, duplicateOf }: ImportView): string {
  const counts = `${number(accepted)} of ${number(rows)} rows`;
  const left = refused > 0 ? `, ${number(refused)} refused` : '';
  switch (status) {
    case 'checked':
      return `${fileName}: ${counts} would be taken${left} (dry run, import ${importId}; POST /v1/imports/${importId}/run takes them)`;
    case 'duplicate':
      return `${fileName}: the same file was imported before (import ${duplicateOf}): ${counts} were taken then${left}; nothing was taken again`;
    default:
      return `${fileName}: ${counts} were taken${left} (import ${importId})`;
  }
}

/** What a look into the file shows besides its rows. */
function factsOf({ form, hiddenRows, foreignColumns }: ImportView): string[] {
  return [
    ...(form?.kind === 'csv' && form.encoding !== 'utf-8' ? [`  read as ${form.encoding}`] : []),
    ...(hiddenRows > 0
      ? [`  ${number(hiddenRows)} of the rows are hidden in the sheet; they are read like the others`]
      : []),
    ...(foreignColumns.length > 0 ? [`  not read: ${foreignColumns.map(({ name }) => name).join(', ')}`] : []),
  ];
}

/** Null: all of it was taken. */
export function endOf({ fileName, status, error, refused, importId }: ImportView): string | null {
  if (status === 'failed') return `${fileName}: import ${importId} failed: ${error ?? 'it says no reason'}`;
  return refused > 0 ? `${fileName}: ${number(refused)} rows were refused` : null;
}
