/** What rows leave in memory while a file is read, counted behind a collection of garbage. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { findAccounts, HEADER, NOW } from './import.fixture.ts';
import type { ImportSource } from './import-source.ts';
import { openImport } from './open-import.ts';

const ROWS = 200_000;
/** By then everything that does not grow is there. */
const FIRST_LOOK = 50_000;
/** What is at hand at the moment of a look: a slice of the file, and a piece of rows. */
const AT_HAND = 4 * 1024 ** 2;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memory(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const rowOf = (number: number) =>
  `demo-sg,${400_100_000_000_000 + number},delivered,2026-03-14 15:09:26,,"Left with the guard, block ""B"""\n`;

/** Made while it is read. */
const rows = (look: (row: number) => void): ImportSource => ({
  size: ROWS * 90,
  async *open() {
    yield Buffer.from(`${HEADER}\n`);
    for (let from = 0; from < ROWS; from += 10_000) {
      look(from);
      yield Buffer.from(Array.from({ length: 10_000 }, (_, index) => rowOf(from + index)).join(''));
    }
    yield Buffer.from(rowOf(0).replace('delivered', 'not_delivered'));
  },
});

test('a row leaves less than 64 bytes, so a million of them less than 64 MB, and contradictions are found from end to end', async () => {
  let first = 0;
  let peak = 0;
  const look = (row: number) => {
    if (row < FIRST_LOOK) return;
    const now = memory();
    first ||= now;
    peak = Math.max(peak, now);
  };
  const file = await openImport(rows(look), { accounts: findAccounts, now: NOW });
  if (!file.ok) throw new Error(file.reason);
  let accepted = 0;
  const refused: number[] = [];
  for await (const piece of file.pieces()) {
    accepted += piece.accepted.length;
    refused.push(...piece.refused.map(({ line }) => line));
  }
  expect([accepted, refused]).toEqual([ROWS - 1, [2, ROWS + 2]]);
  expect((peak - first - AT_HAND) / (ROWS - FIRST_LOOK)).toBeLessThan(64);
}, 180_000);
