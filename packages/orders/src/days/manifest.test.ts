import { describe, expect, test } from '@jest/globals';
import { Failure } from '../model/failure.ts';
import { anItem } from '../model/order.fixture.ts';
import type { Item } from '../model/order.ts';
import { isNotSupported, manifestForm, manifestItems, manifestPieces, type PieceForm } from './manifest.ts';

const item = (orderItemId: string, fields: Partial<Item> = {}): Item => anItem({ orderItemId, ...fields });

describe('a manifest lists', () => {
  test.each<[string, Parameters<typeof manifestItems>[0], string[]]>([
    ['the items of its packages', [{ packageId: 'FP1', items: [item('1'), item('2')] }], ['1', '2']],
    ['none of the order in another package', [{ packageId: 'FP1', items: [item('1', { packageId: 'FP2' })] }], []],
    ['none that is cancelled', [{ packageId: 'FP1', items: [item('1', { status: 'Canceled' }), item('2')] }], ['2']],
    ['none that is digital', [{ packageId: 'FP1', items: [item('1', { digital: true }), item('2')] }], ['2']],
    ['none that another fleet carries', [{ packageId: 'FP1', items: [item('1', { sof: false })] }], []],
    ['what was shipped or returned since', [{ packageId: 'FP1', items: [item('1', { status: 'returned' })] }], ['1']],
    [
      'an item that two packages name once',
      [
        { packageId: 'FP1', items: [item('1')] },
        { packageId: 'FP1', items: [item('1')] },
      ],
      ['1'],
    ],
    [
      'its packages in their order',
      [
        { packageId: 'FP2', items: [item('9', { packageId: 'FP2' })] },
        { packageId: 'FP1', items: [item('1')] },
      ],
      ['9', '1'],
    ],
    ['nothing on a day without packages', [], []],
  ])('%s', (_, packages, expected) => {
    expect(manifestItems(packages)).toEqual(expected);
  });
});

test.each([
  [0, []],
  [1, [1]],
  [100, [100]],
  [101, [100, 1]],
  [250, [100, 100, 50]],
])('%i items are asked for in pieces of 100', (count, sizes) => {
  const ids = Array.from({ length: count }, (_, index) => String(index));
  const pieces = manifestPieces(ids);
  expect(pieces.map(({ length }) => length)).toEqual(sizes);
  expect(pieces.flat()).toEqual(ids);
});

describe('pieces become one file', () => {
  const PDF: PieceForm = { form: 'pdf' };
  const HTML: PieceForm = { form: 'html' };
  const EMPTY: PieceForm = { form: 'other', reason: 'an empty document' };
  test.each<[string, PieceForm[], 'pdf' | 'html']>([
    ['a PDF of PDFs', [PDF, PDF], 'pdf'],
    ['a page of pages', [HTML, HTML, HTML], 'html'],
    ['as what a single one is', [HTML], 'html'],
  ])('%s', (_, pieces, form) => {
    expect(manifestForm(pieces)).toBe(form);
  });

  test.each<[string, PieceForm[], RegExp]>([
    ['not where one is neither', [PDF, EMPTY], /piece 2 of 2 is an empty document/],
    ['not of both', [PDF, HTML, PDF], /PDFs \(2\) beside web pages \(1\)/],
    ['not of none', [], /no piece/],
  ])('%s', (_, pieces, words) => {
    expect(() => manifestForm(pieces)).toThrow(words);
    expect(() => manifestForm(pieces)).toThrow(expect.objectContaining({ kind: 'transient' }));
  });
});

test.each([
  ['rejected', 'unsupported', true],
  ['rejected', '20', false],
  ['transient', 'unsupported', false],
] as const)('%s with %s: no manifest for own fleets: %s', (kind, code, expected) => {
  expect(isNotSupported(new Failure(kind, 'words', { code }))).toBe(expected);
});
