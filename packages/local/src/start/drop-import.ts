/** A clerk of the demonstration: drops a file of what has arrived into the watched folder, with one row that a spreadsheet damaged. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Arrived = { readonly account: string; readonly orderNumber: string };

const HEADER = 'account,order_number,status,occurred_at,reason';
/** So a spreadsheet writes a long number. */
const DAMAGED = '2.6E+14';

export const importText = (arrived: readonly Arrived[], at: Date): string =>
  [
    HEADER,
    ...arrived.map(({ account, orderNumber }) => `${account},${orderNumber},delivered,${at.toISOString()},`),
    `${arrived[0]?.account ?? 'demo-sg'},${DAMAGED},delivered,${at.toISOString()},one wrong row`,
    '',
  ].join('\n');

/** Under a name that is left alone until it is whole. */
export async function dropImport(folder: string, arrived: readonly Arrived[], at = new Date()): Promise<void> {
  await mkdir(folder, { recursive: true });
  const name = `arrived-${at.toISOString().slice(0, 19).replaceAll(':', '')}-${randomUUID().slice(0, 4)}.csv`;
  await writeFile(join(folder, `${name}.part`), importText(arrived, at));
  await rename(join(folder, `${name}.part`), join(folder, name));
}
