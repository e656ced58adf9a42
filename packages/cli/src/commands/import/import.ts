/**
 * Hands an import file in and looks on until it is done. The work is done by order-update, from rows of its own: whoever looks
 * on may leave.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Db, ImportError, ImportView } from '@lazada-sof/db';
import { FileRefused } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, Interrupted, UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { onInterrupt } from '../../terminal/interrupt.ts';
import { type Print, printer } from '../../terminal/output.ts';
import { afterAWhile, bar, type Progress, progressOn } from '../../terminal/progress.ts';
import { withDb, withQueue } from '../connections.ts';
import { followImport } from './follow.ts';
import { endOf, linesOf, SHOWN_MISTAKES, shown } from './tell.ts';

const ABOUT = [
  "take an import file of statuses and carriers' numbers (CSV or .xlsx), as an upload over HTTP does; - reads standard input;",
  'goes on by itself in order-update, Ctrl-C only ends looking on',
].join(' ');

type Options = { readonly dryRun?: boolean; readonly json?: boolean };

export function importCommand(program: Command): void {
  const command = program
    .command('import')
    .description(ABOUT)
    .argument('<file>', 'the file, or - for standard input')
    .option('--dry-run', 'only read and judge it: nothing is taken')
    .option('--json', 'for machines')
    .action(async (file: string, { json = false, dryRun = false }: Options) => {
      await importFile(file, { dryRun, print: printer(json) });
    });
  withExample(command, '-');
}

type Asked = { readonly dryRun: boolean; readonly print: Print };

async function importFile(path: string, { dryRun, print }: Asked): Promise<void> {
  const source = await sourceOf(path);
  const settings = readConfig(['database', 'queue']);
  const { view, mistakes, isOver } = await withDb(settings, async (db) => {
    const stored = await withQueue(settings, async (producer) => {
      if (!(await producer.ping()))
        throw new CommandFailed(`${source.name}: the queue cannot be reached, nothing was handed in; doctor shows why`);
      const file = await store(db, source, dryRun);
      if (file.status !== 'duplicate')
        await producer.add([{ name: 'import-file', data: { v: 1, importId: file.importId } }]);
      return file;
    });
    return follow(db, stored.importId);
  });
  if (!view)
    throw new CommandFailed(`${source.name}: somebody deleted this import while it was taken; what was taken stays`);
  if (!isOver) throw leaving(view);
  print.json({ ...shown(view), mistakes });
  for (const line of linesOf(view, mistakes)) print.text(line);
  const failed = endOf(view);
  if (failed !== null) throw new CommandFailed(failed);
}

type Source = { readonly name: string; readonly size: number | null; open(): AsyncIterable<Uint8Array> };

/** @throws UsageError where there is no such file */
async function sourceOf(path: string): Promise<Source> {
  if (path === '-') return { name: 'standard input', size: null, open: () => process.stdin };
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `FILE ${path}: ${error.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${error.code})`}`,
    );
  });
  if (!found.isFile()) throw new UsageError(`FILE ${path}: is no file; name the file itself`);
  return { name: basename(path), size: found.size, open: () => createReadStream(path, { highWaterMark: 1024 * 1024 }) };
}

async function store(db: Db, source: Source, dryRun: boolean): Promise<ImportView> {
  const progress = afterAWhile(progressOn());
  try {
    const bytes = counted(source, progress);
    return await db.imports.store({ fileName: source.name, source: 'cli', dryRun, bytes });
  } catch (error) {
    if (error instanceof FileRefused) throw new CommandFailed(`${source.name}: ${error.message}`);
    throw error;
  } finally {
    progress.clear();
  }
}

const MEGABYTE = 1_000_000;

async function* counted({ size, open }: Source, progress: Progress): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of open()) {
    bytes += piece.length;
    const megabytes = `${Math.floor(bytes / MEGABYTE)} MB handed in`;
    progress.show(size === null ? megabytes : `${bar(bytes, size)} ${megabytes}`);
    yield piece;
  }
}

type Followed = {
  readonly view: ImportView | null;
  readonly isOver: boolean;
  readonly mistakes: readonly ImportError[];
};

async function follow(db: Db, importId: string): Promise<Followed> {
  const progress = progressOn();
  const { signal, end } = onInterrupt();
  try {
    const { view, isOver } = await followImport(db.imports, importId, { progress, signal });
    return { view, isOver, mistakes: view ? await firstMistakes(db, importId) : [] };
  } finally {
    progress.clear();
    end();
  }
}

async function firstMistakes(db: Db, importId: string): Promise<readonly ImportError[]> {
  for await (const errors of db.imports.errors(importId)) return errors.slice(0, SHOWN_MISTAKES);
  return [];
}

const leaving = ({ importId, fileName }: ImportView): Interrupted =>
  new Interrupted(
    `${fileName}: import ${importId} goes on without you. GET /v1/imports/${importId} shows how far it is; DELETE /v1/imports/${importId} stops it, what was taken stays.`,
  );
