/** What holds of an import file, whatever its bytes: rows, each taken or refused, or words that say what to do. */
import { fileOf, findAccounts, NOW } from '../../../services/order-update/src/import/import.fixture.ts';
import { openImport } from '../../../services/order-update/src/import/open-import.ts';
import { promised } from './fuzz.ts';

export type FileInput = { readonly bytes: Uint8Array; readonly chunk: number };

const A_REFUSAL = /^[^;]+[;:,] .+/s;
const LONGEST_REFUSAL = 2_000;

export async function holdsAsFile({ bytes, chunk }: FileInput): Promise<void> {
  const file = await openImport(fileOf(bytes, chunk), { accounts: findAccounts, now: NOW });
  if (!file.ok) {
    promised(A_REFUSAL.test(file.reason), `a refusal that says what to do, not “${file.reason}”`);
    promised(file.reason.length <= LONGEST_REFUSAL, `a refusal of ${file.reason.length} characters`);
    return;
  }
  let rows = 0;
  for await (const piece of file.pieces()) {
    rows += piece.accepted.length + piece.refused.length;
    for (const { line, mistakes } of piece.refused) {
      promised(mistakes.length > 0, `a mistake that is told of line ${line}`);
      const told = mistakes.map((mistake) => JSON.stringify(mistake)).join();
      promised(told.length <= LONGEST_REFUSAL * 5, `mistakes of ${told.length} characters`);
    }
    for (const row of piece.accepted) {
      const at = row.update.occurredAt;
      promised(at === undefined || !Number.isNaN(at.getTime()), `a time of line ${row.line}`);
      piece.cellsOf(row);
    }
  }
  promised(rows === file.facts.rows, `${file.facts.rows} rows, not ${rows}`);
}
