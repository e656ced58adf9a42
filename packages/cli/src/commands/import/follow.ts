/** Looks on while an import goes on. What it is told stands in the import's row, so it may begin and leave at any time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db, ImportView } from '@lazada-sof/db';
import { number } from '../../terminal/output.ts';
import { bar, type Progress } from '../../terminal/progress.ts';

const LOOKS_EVERY_MS = 300;

type Following = { readonly progress: Progress; readonly signal: AbortSignal };

/** Null: somebody deleted it. `isOver` is false once the signal is aborted. */
export async function followImport(
  imports: Pick<Db['imports'], 'find'>,
  importId: string,
  { progress, signal }: Following,
): Promise<{ readonly view: ImportView | null; readonly isOver: boolean }> {
  for (;;) {
    const view = await imports.find(importId);
    if (!view || (view.status !== 'received' && view.status !== 'running')) return { view, isOver: true };
    if (signal.aborted) return { view, isOver: false };
    progress.show(lineOf(view));
    await sleep(LOOKS_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function lineOf({ status, rows, accepted, refused }: ImportView): string {
  if (status === 'received') return 'waits: order-update has not begun';
  if (rows === 0) return 'being read';
  const done = accepted + refused;
  const left = refused > 0 ? `, ${number(refused)} refused` : '';
  return `${bar(done, rows)} ${number(done)} of ${number(rows)} rows${left}`;
}
