/** A dropped file becomes an import. */
import type { ImportFolder } from '@lazada-sof/connectors';
import type { Db, FolderLook, ImportView, StoredWatchedFile } from '@lazada-sof/db';
import { FileRefused } from '@lazada-sof/orders';
import type { Producer } from '@lazada-sof/queue';

export type TakeTools = {
  readonly folder: ImportFolder;
  readonly imports: Pick<Db['imports'], 'store' | 'find' | 'forget'>;
  readonly add: Producer['add'];
};

type Here = TakeTools & { readonly look: FolderLook; readonly signal: AbortSignal };

const SOURCE = 'import';

export async function takeFile({ name, size }: StoredWatchedFile, here: Here): Promise<void> {
  const { folder, look, imports, add, signal } = here;
  const before = await folder.factsOf(name, signal);
  if (!before) return look.forget(name);
  if (before.size !== size) return look.changed({ name, size: before.size });
  const firstTried = await look.begin(name);
  const file = await stored(name, here).catch((error: unknown) => {
    if (error instanceof FileRefused) return error.message;
    throw error;
  });
  if (typeof file === 'string') return look.refused(name, file);
  const after = await folder.factsOf(name, signal);
  if (!isUnchanged(before, after) || file.bytes !== size) {
    await imports.forget(file.importId);
    return after ? look.changed({ name, size: after.size }) : look.forget(name);
  }
  const { importId, status } = await ownOf(file, firstTried, here);
  await look.stored(name, { importId, modifiedAt: before.modifiedAt });
  // A hint: where it gets lost, the scheduler finds the import in its table.
  if (status === 'received') await add([{ name: 'import-file', data: { v: 1, importId } }]);
}

const stored = (name: string, { folder, imports, signal }: Here): Promise<ImportView> =>
  folder.read(name, (bytes) => imports.store({ fileName: name, source: SOURCE, dryRun: false, bytes }), signal);

/** It repeats what an earlier try stored, which was killed before it could say so: then that one is this file's. */
async function ownOf(file: ImportView, firstTried: Date, { imports }: Here): Promise<ImportView> {
  const first = file.duplicateOf === null ? null : await imports.find(file.duplicateOf);
  const isOurs = first?.source === SOURCE && first.fileName === file.fileName && first.createdAt >= firstTried;
  if (!first || !isOurs) return file;
  await imports.forget(file.importId);
  return first;
}

type Facts = NonNullable<Awaited<ReturnType<ImportFolder['factsOf']>>>;

export const isUnchanged = (before: Facts, after: Facts | null): boolean =>
  after !== null &&
  after.size === before.size &&
  // A target that does not tell the time tells it never.
  after.modifiedAt?.getTime() === before.modifiedAt?.getTime();
