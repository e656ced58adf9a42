/** The accounts of the samples, and files out of texts and bytes. */
import type { ImportAccount } from '@lazada-sof/orders';
import type { FindAccounts } from './account-book.ts';
import type { ImportSource } from './import-source.ts';
import { type ImportFacts, type ImportPiece, openImport } from './open-import.ts';

const ACCOUNTS: ReadonlyMap<string, ImportAccount> = new Map([
  ['demo-sg', { country: 'SG', timezone: 'Asia/Singapore' }],
  ['demo-my', { country: 'MY', timezone: 'Asia/Kuala_Lumpur' }],
  ['demo-th', { country: 'TH', timezone: 'Asia/Bangkok' }],
  ['demo-vn', { country: 'VN', timezone: 'Asia/Ho_Chi_Minh' }],
  ['demo-ph', { country: 'PH', timezone: 'Asia/Manila' }],
  ['demo-id', { country: 'ID', timezone: 'Asia/Jakarta' }],
]);

export const findAccounts: FindAccounts = async (names) =>
  new Map([...ACCOUNTS].filter(([name]) => names.includes(name)));

export const NOW = new Date('2026-11-27T12:00:00Z');

export function fileOf(content: string | Uint8Array, chunk = 1024 * 1024): ImportSource {
  const bytes = Buffer.from(content);
  return {
    size: bytes.length,
    async *open() {
      for (let from = 0; from < bytes.length; from += chunk) yield bytes.subarray(from, from + chunk);
    },
  };
}

/** A CSV with the usual header. */
export const HEADER = 'account,order_number,status,occurred_at,package_id,reason';
export const csvOf = (...rows: readonly string[]): ImportSource => fileOf([HEADER, ...rows, ''].join('\n'));

export async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export type ReadFile = Omit<ImportPiece, 'cellsOf'> & { readonly facts: ImportFacts };

/** All pieces as one. @throws with the words, where the file is refused */
export async function readAll(source: ImportSource, now = NOW): Promise<ReadFile> {
  const opened = await openImport(source, { accounts: findAccounts, now });
  if (!opened.ok) throw new Error(opened.reason);
  const pieces = await allOf(opened.pieces());
  return {
    facts: opened.facts,
    accepted: pieces.flatMap(({ accepted }) => accepted),
    refused: pieces.flatMap(({ refused }) => refused),
    lastLine: pieces.at(-1)?.lastLine ?? 0,
  };
}

/** Why a file cannot be read. */
export async function refusalOf(source: ImportSource): Promise<string> {
  const opened = await openImport(source, { accounts: findAccounts, now: NOW });
  return opened.ok ? 'it was read' : opened.reason;
}
