/** An import as doors show it. One that repeats another shows that one's counts. */
import type { FileForm, ForeignColumn } from '@lazada-sof/orders';

/** `checked`: a dry run that is over. */
export type ImportStatus = 'received' | 'running' | 'checked' | 'done' | 'failed' | 'duplicate';

/** What was found out about the file; null until it has been read once. */
export type ImportForm =
  | {
      readonly kind: 'csv';
      readonly encoding: string;
      readonly separator: string;
      readonly hasSeparatorLine: boolean;
    }
  | { readonly kind: 'xlsx'; readonly sheet: string };

export type ImportView = {
  readonly importId: string;
  readonly fileName: string;
  readonly status: ImportStatus;
  readonly dryRun: boolean;
  /** By which door it came: `api`, `cli`, `import` for a watched folder. */
  readonly source: string;
  /** Who handed it in: a person, an API key. */
  readonly by: string | null;
  readonly bytes: number;
  /** Of the whole file, as soon as it has been read once. */
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  /** In a sheet, by a filter or by hand; they are read like the others. */
  readonly hiddenRows: number;
  /** Columns that are not read. */
  readonly foreignColumns: readonly ForeignColumn[];
  readonly form: ImportForm | null;
  /** How `refused.csv` is written. */
  readonly refusedForm: FileForm | null;
  /** Why it failed. */
  readonly error: string | null;
  /** The import that came first. */
  readonly duplicateOf: string | null;
  /** Everything up to this line is judged. */
  readonly afterLine: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** When its bytes and its refused rows were removed, since they had been kept long enough. */
  readonly removedAt: Date | null;
};

export type ImportRow = Omit<ImportView, 'bytes'> & { readonly bytes: string };

/** Of `import_file f`, with the first of a repeated file as `o`; one whose bytes are still coming in is nobody's to see. */
export const SELECT_IMPORT = `
  select f.id::text as "importId", f.file_name as "fileName", f.status, f.dry_run as "dryRun", f.source, f.told_by as by,
         f.bytes::text as bytes, coalesce(o.rows, f.rows) as rows, coalesce(o.accepted, f.accepted) as accepted,
         coalesce(o.refused, f.refused) as refused, coalesce(o.hidden_rows, f.hidden_rows) as "hiddenRows",
         coalesce(o.foreign_columns, f.foreign_columns) as "foreignColumns", coalesce(o.form, f.form) as form,
         coalesce(o.refused_form, f.refused_form) as "refusedForm", f.error, f.duplicate_of::text as "duplicateOf",
         coalesce(o.after_line, f.after_line) as "afterLine", f.created_at as "createdAt", f.started_at as "startedAt",
         f.finished_at as "finishedAt", case when o.id is null then f.removed_at else o.removed_at end as "removedAt"
    from public.import_file f left join public.import_file o on o.id = f.duplicate_of
   where f.status <> 'storing'`;

export const toImportView = ({ bytes, ...row }: ImportRow): ImportView => ({ ...row, bytes: Number(bytes) });
