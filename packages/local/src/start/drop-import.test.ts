import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dropImport } from './drop-import.ts';

test('a dropped file is there whole, with a row that is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sof-drop-'));
  const at = new Date('2026-03-14T15:09:26Z');
  await dropImport(folder, [{ account: 'demo-sg', orderNumber: '400100000214683' }], at);
  const names = await readdir(folder);
  expect(names).toEqual([expect.stringMatching(/^arrived-2026-03-14T150926-\w{4}\.csv$/)]);
  expect(await readFile(join(folder, names[0] ?? ''), 'utf8')).toBe(
    [
      'account,order_number,status,occurred_at,reason',
      'demo-sg,400100000214683,delivered,2026-03-14T15:09:26.000Z,',
      'demo-sg,2.6E+14,delivered,2026-03-14T15:09:26.000Z,one wrong row',
      '',
    ].join('\n'),
  );
  await rm(folder, { recursive: true });
});
