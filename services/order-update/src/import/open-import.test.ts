import { describe, expect, test } from '@jest/globals';
import { csvLine, refusedHeader, refusedLine } from '@lazada-sof/orders';
import { allOf, csvOf, fileOf, findAccounts, HEADER, NOW, readAll } from './import.fixture.ts';
import type { ImportSource } from './import-source.ts';
import { type ImportPiece, openImport } from './open-import.ts';
import { bookOf, HEADER_ROW, rowOf } from './xlsx/book.fixture.ts';

const row = (number: number, status = 'delivered') =>
  `demo-sg,${400_100_000_000_000 + number},${status},2026-03-14 15:09,,`;

async function opened(source: ImportSource) {
  const file = await openImport(source, { accounts: findAccounts, now: NOW });
  if (!file.ok) throw new Error(file.reason);
  return file;
}

describe('a file is read in pieces', () => {
  const rows = Array.from({ length: 12_000 }, (_, index) => row(index, index === 6_000 ? 'eaten' : 'delivered'));

  test('of 5,000 rows, in the order of their lines', async () => {
    const file = await opened(csvOf(...rows));
    const pieces = await allOf(file.pieces());
    expect(pieces.map(({ accepted, refused, lastLine }) => [accepted.length, refused.length, lastLine])).toEqual([
      [5_000, 0, 5_001],
      [4_999, 1, 10_001],
      [2_000, 0, 12_001],
    ]);
    expect(file.facts.rows).toBe(12_000);
  });

  test('from any piece on, as an import does that was stopped', async () => {
    const file = await opened(csvOf(...rows));
    const [first, ...others] = await allOf(file.pieces());
    const again = await opened(csvOf(...rows));
    expect(await allOf(again.pieces(first?.lastLine))).toEqual(others);
    expect(await allOf(again.pieces(12_001))).toEqual([]);
  });

  test('with the rows that contradict others of a piece far away', async () => {
    const file = await opened(csvOf(...rows, row(0, 'not_delivered')));
    const pieces = await allOf(file.pieces());
    const lines = pieces.flatMap(({ refused }) =>
      refused.map(({ line, mistakes }) => [line, mistakes[0]?.reason.slice(0, 20)]),
    );
    expect(lines).toEqual([
      [2, expect.stringMatching(/^line 12002 /)],
      [6_002, expect.any(String)],
      [12_002, expect.stringMatching(/^line 2 /)],
    ]);
  });

  test('and whoever else works in the process has a turn between them', async () => {
    let turns = 0;
    let isOver = false;
    const takeTurns = () => {
      turns += 1;
      if (!isOver) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    const source = csvOf(...rows);
    const file = await opened(source);
    for await (const _ of file.pieces());
    isOver = true;
    // Read twice, and handed over in slices of 16 KiB.
    expect(turns).toBeGreaterThanOrEqual((2 * source.size) / (16 * 1024) - 2);
  });

  test('and also between a thousand rows of one letter', async () => {
    const rows = 20_000;
    let turns = 0;
    let isOver = false;
    const takeTurns = () => {
      turns += 1;
      if (!isOver) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    const file = await opened(csvOf('a\n'.repeat(rows)));
    for await (const _ of file.pieces());
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual((2 * rows) / 1_000);
  });

  test('of up to 8,000,000 characters, whether they are taken or refused', async () => {
    const long = (number: number, status: string) => `${row(number, status)}${'x'.repeat(99_000)}`;
    const noted = (number: number) => `${row(number)},${'x'.repeat(99_000)}`;
    const refused = Array.from({ length: 45 }, (_, index) => long(index, 'eaten'));
    const accepted = Array.from({ length: 45 }, (_, index) => noted(1_000 + index));
    const file = await opened(fileOf([`${HEADER},note`, ...refused, ...accepted, ''].join('\n')));
    const pieces = await allOf(file.pieces());
    expect(pieces.map((piece) => [piece.accepted.length, piece.refused.length])).toEqual([
      [36, 45],
      [9, 0],
    ]);
    const again = await opened(fileOf([`${HEADER},note`, ...refused, ...accepted, ''].join('\n')));
    expect(await allOf(again.pieces(pieces[0]?.lastLine))).toEqual(pieces.slice(1));
  });

  test('of which none has to be taken', async () => {
    let open = 0;
    const source: ImportSource = {
      size: 100,
      async *open() {
        open += 1;
        try {
          yield Buffer.from(`${HEADER}\n${row(1)}\n`);
          yield Buffer.from(`${row(2)}\n`.repeat(10_000));
        } finally {
          open -= 1;
        }
      },
    };
    const file = await opened(source);
    for await (const _ of file.pieces()) break;
    expect(open).toBe(0);
  });
});

describe('a text that is no UTF-8', () => {
  const thai = (account: string, number: number) =>
    `${account},${400_100_000_000_000 + number},delivered,2026-03-14 15:09,,\xc3\xd1\xba`;
  const encodingOf = async (rows: readonly string[]) =>
    (await readAll(fileOf(Buffer.from([HEADER, ...rows, ''].join('\n'), 'latin1')))).facts.form;
  const sg = Array.from({ length: 4_999 }, (_, index) => thai('demo-sg', index));

  test.each<[says: string, rows: readonly string[], encoding: string]>([
    ['is Thai where an account is', [thai('demo-sg', 1), thai('demo-th', 2)], 'windows-874'],
    ['is Thai where the 5,000th row’s account is', [...sg, thai('demo-th', 5_000)], 'windows-874'],
    [
      'is western where only a later account is Thai',
      [...sg, thai('demo-sg', 5_000), thai('demo-th', 5_001)],
      'windows-1252',
    ],
    ['is western where no account is known', [thai('nobody', 1)], 'windows-1252'],
  ])('%s', async (_, rows, encoding) => expect(await encodingOf(rows)).toMatchObject({ encoding }));

  test('is so also where the first such letter stands late', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => row(index));
    expect(await encodingOf([...rows, thai('demo-sg', 30_000)])).toMatchObject({ encoding: 'windows-1252' });
  });
});

describe('the refused rows, mended, are taken', () => {
  const refusedFile = async (source: ImportSource) => {
    const file = await opened(source);
    const refused = (await allOf(file.pieces())).flatMap((piece) => piece.refused);
    const lines = refused.flatMap(({ cells }) => (cells ? [refusedLine(cells, file.refusedForm)] : []));
    return refusedHeader(file.refusedForm) + lines.join('');
  };
  const text = [
    'sep=;',
    'No.;Account;Order Number;Status;Occurred At;Reason;',
    "1;demo-sg;4001;eaten;2026-03-14 15:09;=1+1; 'tis; fine",
    '2;demo-th;=4002;delivered;2026-03-14 15:09;"say ""a;b""\nลูกค้า"',
    '3;demo-sg;4003;delivered;2026-03-14 15:09;fine',
    '4;demo-sg;4004;eaten;2026-03-14 15:09;=2+2',
    '',
  ].join('\r\n');

  test('in the file’s own columns and separator, and as often as one likes', async () => {
    const first = await refusedFile(fileOf(text));
    expect(first).toBe(
      'sep=;\r\nNo.;Account;Order Number;Status;Occurred At;Reason;\r\n' +
        '2;demo-th;\'=4002;delivered;2026-03-14 15:09;"say ""a;b""\nลูกค้า"\r\n' +
        "4;demo-sg;4004;eaten;2026-03-14 15:09;'=2+2\r\n",
    );
    expect(await refusedFile(fileOf(first))).toBe(first);
  });

  test('with the values that they had', async () => {
    const mended = (await refusedFile(fileOf(text))).replace('eaten', 'delivered').replace("'=4002", '4002');
    const { accepted, refused } = await readAll(fileOf(mended));
    expect(refused).toEqual([]);
    expect(accepted.map(({ orderNumber, update }) => [orderNumber, update.reason])).toEqual([
      ['4002', 'say "a;b"\nลูกค้า'],
      ['4004', '=2+2'],
    ]);
  });

  test('of a sheet, and unmended not one of them', async () => {
    const bad = [
      rowOf('demo-sg', '<c><v>4001000002146020</v></c>', 'delivered', '2026-03-14 15:09'),
      rowOf('demo-sg', '4002', '<c t="str"><f>A1</f><v>delivered</v></c>', '2026-03-14 15:09'),
      rowOf('demo-sg', '4003', 'delivered', '<c s="1"><v>46095</v></c>'),
      rowOf('demo-sg', '4004', 'delivered', '<c><v>46095.63</v></c>'),
      rowOf('demo-sg', '4005', '<c t="b"><v>1</v></c>', '<c s="1"><v>46095.63125</v></c>'),
    ];
    const file = await refusedFile(fileOf(await bookOf(HEADER_ROW + bad.join(''))));
    const { accepted, refused } = await readAll(fileOf(file));
    expect(accepted).toEqual([]);
    expect(refused.map(({ mistakes }) => mistakes.map(({ field }) => field))).toEqual([
      ['order_number'],
      ['status'],
      ['occurred_at'],
      ['occurred_at'],
      ['status'],
    ]);
    const mended = await readAll(fileOf(file.replace('TRUE', 'delivered')));
    expect(mended.accepted[0]?.update.occurredAt).toEqual(new Date('2026-03-14T07:09:00Z'));
  });

  test('of a sheet in which days were turned: none of its dates passes as text', async () => {
    const turned = rowOf('demo-sg', '4001', 'delivered', '<c s="1"><v>46085.6319</v></c>');
    const text = rowOf('demo-sg', '4002', 'delivered', '14/03/2026 15:09');
    const { accepted } = await readAll(fileOf(await refusedFile(fileOf(await bookOf(HEADER_ROW + turned + text)))));
    expect(accepted).toEqual([]);
  });

  test('but not those that could not be split', async () => {
    const file = await refusedFile(csvOf(`${row(1)}5" pipe`, `${row(2)},beyond`, row(3, 'eaten')));
    expect(file).toBe(`${csvLine(HEADER.split(','))}${csvLine(row(3, 'eaten').split(',').slice(0, 4))}`);
  });
});

test('accounts are asked for once each, however many rows name them', async () => {
  const asked: string[] = [];
  const accounts: typeof findAccounts = async (names) => {
    asked.push(...names);
    return findAccounts(names);
  };
  const rows = Array.from({ length: 10_000 }, (_, index) => row(index));
  const file = await openImport(csvOf(...rows), { accounts, now: NOW });
  const pieces: ImportPiece[] = file.ok ? await allOf(file.pieces()) : [];
  expect([asked, pieces.length]).toEqual([['demo-sg'], 2]);
});
