/** A file dropped into a folder that two processes watch, to its end at our rows, by the real services. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  describeOnEachQueue,
  type ServedFolder,
  servedFolder,
  startTestSystem,
  type TestSystem,
  until,
} from '@lazada-sof/testkit';

await describeOnEachQueue('a watched folder', (queue) => {
  let system: TestSystem;
  let dir: string;
  let folder: ServedFolder;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sof-watched-'));
    folder = servedFolder(dir);
    system = await startTestSystem({
      queue,
      services: ['scheduler', 'order-update'],
      counts: { 'order-update': 2 },
      env: { IMPORT_SOURCE_URL: pathToFileURL(dir).href, IMPORT_WATCH_INTERVAL: '500ms' },
    });
    await system.sql(
      "insert into account.lazada (name, country, delivery_type, app_key, sof_username, sof_password) values ('shop', 'SG', 'sof', '1', 'user', 'password')",
    );
    await system.sql(
      `insert into public.orders (account_id, order_number, created_at)
       select id, '40010000021468' || n, now() - interval '10 d' from account.lazada, generate_series(1, 3) n`,
    );
  }, 120_000);
  afterAll(async () => {
    await system?.close();
    await rm(dir, { recursive: true, force: true });
  });

  async function drop(name: string, ...rows: string[]): Promise<void> {
    const text = ['account,order_number,status,occurred_at', ...rows, ''].join('\n');
    await writeFile(join(dir, `${name}.part`), text);
    await rename(join(dir, `${name}.part`), join(dir, name));
  }
  const lying = async (path: string) => {
    await until(() => folder.has(path), { what: path, withinMs: 60_000 });
    return (await folder.read(path)).toString();
  };
  const told = () =>
    system.sql<{ number: string; file: string; line: number }>(
      `select o.order_number as number, e.data ->> 'file' as file, (e.data ->> 'line')::int as line
         from order_lazada_event e join public.orders o on o.id = e.order_id
        where e.source = 'import' and e.kind = 'flag_set' order by 1`,
    );
  const AT = '2026-11-20 15:09';

  test('takes what is right, and puts the file away with what was wrong', async () => {
    await drop(
      'day 1.csv',
      `shop,400100000214681,delivered,${AT}`,
      `shop,2.6E+14,delivered,${AT}`,
      `shop,400100000214682,delivered,${AT}`,
    );
    await lying('processed/day 1.csv');
    const result = await lying('processed/day 1.csv.result.csv');
    expect(result).toMatch(/^line,field,value,reason\r\n3,order_number,2\.6E\+14,[^\n]+\n$/);
    expect(await told()).toEqual([
      { number: '400100000214681', file: 'day 1.csv', line: 2 },
      { number: '400100000214682', file: 'day 1.csv', line: 4 },
    ]);
  }, 90_000);

  test('the same file again has no second effect, and one that is none goes to failed/', async () => {
    await drop(
      'day 1 again.csv',
      `shop,400100000214681,delivered,${AT}`,
      `shop,2.6E+14,delivered,${AT}`,
      `shop,400100000214682,delivered,${AT}`,
    );
    await writeFile(join(dir, 'page.xls'), '<html><table><tr><td>1</td></tr></table></html>');
    expect(await lying('processed/day 1 again.csv.result.csv')).toContain('imported before as “day 1.csv”');
    expect(await lying('failed/page.xls.result.csv')).toContain('web page');
    expect(await told()).toHaveLength(2);
  }, 90_000);
});
