/** A file whose import is over goes where it belongs, with its result beside it. */
import type { ImportFolder } from '@lazada-sof/connectors';
import type { Db, FolderLook, ImportView, StoredWatchedFile } from '@lazada-sof/db';
import {
  folderOfEnd,
  freeName,
  MOST_RESULT_LINES,
  resultBeginning,
  resultCut,
  resultLines,
  resultNameOf,
  type WatchedEnd,
} from '@lazada-sof/orders';
import { isUnchanged } from './take-file.ts';

export type FinishTools = {
  readonly folder: ImportFolder;
  readonly imports: Pick<Db['imports'], 'find' | 'errors'>;
};

type Here = FinishTools & { readonly look: FolderLook; readonly signal: AbortSignal };

export async function finishFile(file: StoredWatchedFile, here: Here): Promise<void> {
  const { look, folder, signal } = here;
  const end = await endOf(file, here);
  if (!end) return;
  const goal = file.goal ?? (await goalOf(file.name, end, here));
  await folder.putResult(resultNameOf(goal), await resultOf(file, end, here), signal);
  // Another file may lie there by now under the same name: that one is still to be taken.
  if (isUnchanged(file, await folder.factsOf(file.name, signal))) {
    // Somebody else's file got the name in between: another is found at the next look.
    if ((await folder.move(file.name, goal, signal)) === 'taken')
      return look.goesTo(file.name, await goalOf(file.name, end, here));
  }
  await look.forget(file.name);
}

/** Written down before anything lies there, so that whoever goes on finds what was done under it. */
async function goalOf(name: string, end: WatchedEnd, { look, folder, signal }: Here): Promise<string> {
  const into = folderOfEnd(end);
  const goal = `${into}/${freeName(name, await folder.namesIn(into, signal))}`;
  await look.goesTo(name, goal);
  return goal;
}

/** Null: it is not over. */
async function endOf({ importId, refused }: StoredWatchedFile, { imports }: Here): Promise<WatchedEnd | null> {
  if (importId === null) return refused === null ? null : { is: 'failed', reason: refused };
  const view = await imports.find(importId);
  if (!view) return { is: 'forgotten' };
  if (view.status === 'duplicate') return ofDuplicate(view, await imports.find(view.duplicateOf ?? ''));
  if (view.status === 'failed') return { is: 'failed', reason: view.error ?? 'the import failed' };
  return view.status === 'done' ? { is: 'done' } : null;
}

/** Its result has the mistakes of the first, so that one is waited for. */
function ofDuplicate(view: ImportView, first: ImportView | null): WatchedEnd | null {
  if (first?.status === 'received' || first?.status === 'running') return null;
  const { fileName, importId } = first ?? view;
  return { is: 'duplicate', firstName: fileName, firstId: importId };
}

async function resultOf({ name, importId }: StoredWatchedFile, end: WatchedEnd, { imports }: Here): Promise<string> {
  const text = [resultBeginning(name, end)];
  if (importId === null) return text.join('');
  let lines = 0;
  for await (const errors of imports.errors(importId)) {
    const told = errors.slice(0, MOST_RESULT_LINES - lines);
    lines += told.length;
    text.push(...told.map((error) => resultLines(error.line, [error])));
    if (told.length === errors.length) continue;
    text.push(resultCut(importId));
    break;
  }
  return text.join('');
}
