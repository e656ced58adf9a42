/** A day's index for finance, made of the rows and put beside the invoices under a name that no other content has. */
import { createHash } from 'node:crypto';
import type { IndexFiles } from '@lazada-sof/db';
import {
  dayBounds,
  Failure,
  INDEX_HEADER,
  INDEX_REST_MS,
  type IndexFile,
  type InvoiceTarget,
  indexLines,
  indexPath,
  indexRevision,
  usable,
} from '@lazada-sof/orders';
import type { DayToPerform, PerformDay } from '@lazada-sof/queue';
import { noTarget } from './no-target.ts';

export type IndexTools = {
  /** Null: no target is set, indexes wait. */
  readonly target: InvoiceTarget | null;
  readonly files: Pick<IndexFiles, 'eachRows' | 'newest' | 'holderOf' | 'record'>;
};

export function uploadIndex({ target, files }: IndexTools): PerformDay {
  return async (of) => {
    const { account, day, signal } = of;
    const key = { accountId: account.accountId, day };
    const newest = await files.newest(key);
    const content = await contentOf(files, of);
    if (!content) return;
    const isKnown = newest?.sha256 === content.sha256;
    if (isKnown && !of.isAsked) return;
    if (!target) throw noTarget(`the index of ${day} waits`);
    if (newest && !isKnown) restAfter(newest, of);
    await refuseTakenName(files, of);
    const first = isKnown ? newest.revision : (newest?.revision ?? 0) + 1;
    const name = (revision: number) => indexPath({ ...nameOf(of), revision });
    const path = isKnown ? newest.path : name(first);
    const put = await target.put({ path, read: async () => content }, (n) => name(first + n), signal);
    if (isKnown && put.path === newest.path) return;
    const written = { revision: indexRevision(put.path), path: put.path, sha256: content.sha256 };
    await files.record(key, written, newest?.revision ?? null);
  };
}

const nameOf = ({ account, day }: DayToPerform) => ({ country: usable(account).country, account: account.name, day });

/** Names are reduced to plain letters: what another account writes under the same one would pass for a newer index of this. */
async function refuseTakenName(files: IndexTools['files'], of: DayToPerform): Promise<void> {
  const path = indexPath({ ...nameOf(of), revision: 1 });
  const holder = await files.holderOf({ accountId: of.account.accountId, day: of.day }, path);
  if (holder === null) return;
  throw new Failure(
    'rejected',
    `the index of account ${of.account.name} would be ${path}, which is account ${holder}'s: rename one of them so that they differ in letters, digits, "_" or "-" within the first 40`,
    { code: 'index_path' },
  );
}

type Content = { readonly bytes: Buffer; readonly sha256: string };

/** Null: nothing was set ready to ship on that day, so it has no file. */
async function contentOf(files: IndexTools['files'], { account, day }: DayToPerform): Promise<Content | null> {
  const pieces: Buffer[] = [];
  await files.eachRows(account.accountId, dayBounds(day, usable(account).timezone), (rows) => {
    pieces.push(Buffer.from(indexLines(rows)));
  });
  if (pieces.length === 0) return null;
  const bytes = Buffer.concat([Buffer.from(INDEX_HEADER), ...pieces]);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** @throws Failure where the last one is younger than an hour and nobody asks: what changes within it comes in one file. */
function restAfter({ path, writtenAt }: IndexFile, { isAsked, now }: DayToPerform): void {
  const waitMs = writtenAt.getTime() + INDEX_REST_MS - now.getTime();
  if (isAsked || waitMs <= 0) return;
  throw new Failure('rate-limited', `${path} was written less than an hour ago, the next one waits`, {
    code: 'index_rests',
    waitMs,
  });
}
