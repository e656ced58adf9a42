/** An import file as it is told of. */
import type { ImportError, ImportView } from '@lazada-sof/db';
import { z } from 'zod';
import { timeOut, written } from './common.ts';

export const IMPORT_STATUSES = ['received', 'running', 'checked', 'done', 'failed', 'duplicate'] as const;

const count = z.number().int().min(0);

export const importShape = z
  .object({
    id: z.string(),
    fileName: z.string(),
    status: z
      .enum(IMPORT_STATUSES)
      .describe('checked: a dry run that is over. duplicate: the same file was imported before; the counts are its.'),
    rows: count.describe('Of the whole file, once it has been read.'),
    accepted: count,
    refused: count.describe('GET errors.csv says why, refused.csv has the rows as they came.'),
    dryRun: z.boolean(),
    error: z.string().nullable().describe('Why the file as a whole failed.'),
    duplicateOf: z.string().nullable().describe('The import that came first.'),
    source: z.string().describe('By which door it came: api, cli, or import for the watched folder.'),
    readAs: z.string().nullable().describe('What the file is, and in which encoding it was read.'),
    hiddenRows: count.describe('Rows of a sheet that a filter hides; they are read like the others.'),
    foreignColumns: z.array(z.string()).describe('Columns that are not read.'),
    createdAt: timeOut,
    finishedAt: timeOut.nullable(),
  })
  .meta({ id: 'Import' });

export const mistakeShape = z.object({
  line: count,
  field: z.string(),
  value: z.string(),
  reason: z.string(),
});

export const shownImport = (file: ImportView): z.input<typeof importShape> => ({
  id: file.importId,
  fileName: file.fileName,
  status: file.status,
  rows: file.rows,
  accepted: file.accepted,
  refused: file.refused,
  dryRun: file.dryRun,
  error: file.error,
  duplicateOf: file.duplicateOf,
  source: file.source,
  readAs: readAs(file.form),
  hiddenRows: file.hiddenRows,
  foreignColumns: file.foreignColumns.map(({ name }) => name),
  createdAt: file.createdAt.toISOString(),
  finishedAt: written(file.finishedAt),
});

export const shownMistake = ({ line, field, value, reason }: ImportError): z.input<typeof mistakeShape> => ({
  ...{ line, field, value, reason },
});

function readAs(form: ImportView['form']): string | null {
  if (form === null) return null;
  return form.kind === 'xlsx' ? `spreadsheet, sheet “${form.sheet}”` : `text, ${form.encoding}`;
}

/** Which import; one that cannot be is one that there is not. */
export const importId = z.strictObject({ id: z.string().min(1).max(100) });
