import { expect, test } from '@jest/globals';
import { KEPT_MS, type KeyRow, type KeyTurn, keyTurn } from './key-turn.ts';

const NOW = new Date('2026-03-02T04:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const SAME = Buffer.from('same');
const OPEN: KeyRow = { requestSha256: SAME, holder: 'a', heldUntil: at(1), status: null, createdAt: at(-1_000) };
const DONE: KeyRow = { ...OPEN, heldUntil: null, status: 202 };
const REFUSED: KeyRow = { ...DONE, status: 409 };

test.each<{ says: string; row: KeyRow; other?: boolean; waitedFor?: string; turn: KeyTurn }>([
  { says: 'somebody is at it', row: OPEN, turn: 'wait' },
  { says: 'somebody is at it, and another body comes', row: OPEN, other: true, turn: 'taken' },
  { says: 'whoever was at it died', row: { ...OPEN, heldUntil: NOW }, turn: 'go-on' },
  { says: 'whoever was at it gave it back', row: { ...OPEN, heldUntil: null }, turn: 'go-on' },
  {
    says: 'what became of it is not known, and another body comes',
    row: { ...OPEN, heldUntil: null },
    other: true,
    turn: 'taken',
  },
  { says: 'it was done', row: DONE, turn: 'answered' },
  { says: 'it was done, and another body comes', row: DONE, other: true, turn: 'taken' },
  { says: 'it was done a day ago', row: { ...DONE, createdAt: at(-KEPT_MS) }, turn: 'begin' },
  { says: 'it was done almost a day ago', row: { ...DONE, createdAt: at(1 - KEPT_MS) }, turn: 'answered' },
  {
    says: 'it was done a day ago, and another body comes',
    row: { ...DONE, createdAt: at(-KEPT_MS) },
    other: true,
    turn: 'begin',
  },
  { says: 'somebody is at it for a day', row: { ...OPEN, createdAt: at(-KEPT_MS) }, turn: 'wait' },
  { says: 'it was left a day ago', row: { ...OPEN, heldUntil: null, createdAt: at(-KEPT_MS) }, turn: 'begin' },
  { says: 'it was refused while this one waited', row: REFUSED, waitedFor: 'a', turn: 'answered' },
  { says: 'it was refused before this one came', row: REFUSED, turn: 'go-on' },
  { says: 'it was refused to another than was waited for', row: REFUSED, waitedFor: 'b', turn: 'go-on' },
  { says: 'it was refused, and was mended', row: REFUSED, other: true, turn: 'begin' },
])('$says: $turn', ({ row, other = false, waitedFor = null, turn }) => {
  const requestSha256 = other ? Buffer.from('other') : SAME;
  expect(keyTurn(row, { requestSha256, waitedFor, now: NOW })).toBe(turn);
});
