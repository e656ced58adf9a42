/** A clerk's table, handed in over HTTP: tried out, run, its mistakes mended, and its orders followed to Lazada. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDb } from '@lazada-sof/db';
import { until } from '@lazada-sof/local';
import { openProducer } from '@lazada-sof/queue';
import { describeOnRedis } from '../src/servers/suites.ts';
import { addShop, importText } from './import-file.ts';
import { openHolds } from './import-holds.ts';
import { openStage, type Stage } from './stage.ts';

const SHOP = 'demo-sg';
const HEADER = 'order_number;account;status;occurred_at;remark';
const TOLD = `
  select o.order_number as number, e.data ->> 'file' as file, (e.data ->> 'line')::int as line, e.data ->> 'by' as by
    from public.order_lazada_event e join public.orders o on o.id = e.order_id where e.source = 'import' order by e.id`;

await describeOnRedis('an import over HTTP', () => {
  let stage: Stage;
  let key = '';
  let numbers: string[];
  /** By the shop's clock, behind the time at which the parcels were shipped. */
  let at = '';
  let mended = '';
  beforeAll(async () => {
    const services = ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'order-update', 'api'] as const;
    stage = await openStage({ queue: 'redis', services });
    const db = openDb({ url: stage.system.databaseUrl, source: 'test' });
    key = String(await db.access.createKey('clerk', ['imports:write']));
    await db.close();
    await stage.addAccount(SHOP);
    numbers = await stage.addOrders({ account: SHOP, count: 4 });
    await Promise.all(numbers.map((number) => stage.reaches(number, { state: 'shipped' }, 60_000)));
    at = new Date(Date.now() + 8 * 3_600_000).toISOString().replace('T', ' ').replace('Z', '');
  }, 120_000);
  afterAll(() => stage?.close(), 60_000);

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${stage.system.url('api')}/v1/imports${path}`, {
      ...{ ...init, headers: { authorization: `Bearer ${key}` } },
    });
  async function upload(name: string, text: string, query = ''): Promise<string> {
    const body = new FormData();
    body.set('file', new Blob([text]), name);
    const answer = await call(query, { method: 'POST', body });
    const told = (await answer.json()) as { id: string };
    expect([answer.status, told]).toEqual([202, { id: expect.stringMatching(/^\d+$/) }]);
    return told.id;
  }
  const view = async (id: string) => (await (await call(`/${id}`)).json()) as { status: string; duplicateOf: string };
  const over = (id: string) =>
    until(async () => !['received', 'running'].includes((await view(id)).status) && view(id), {
      what: `import ${id} is over`,
      withinMs: 60_000,
    });
  const fileOf = async (id: string, name: string) => {
    const answer = await call(`/${id}/${name}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching('^text/csv')]);
    return answer.text();
  };
  const run = (id: string) => call(`/${id}/run`, { method: 'POST' });
  const orders = () => Promise.all(numbers.map((number) => stage.order(number)));

  test('is tried out, and then run: what was right reaches Lazada, what was wrong comes back as it came', async () => {
    const [one, two, , four] = numbers;
    const rows = [
      `${one};${SHOP};Delivered;${at};"left; with the guard"`,
      `${two};${SHOP};delivered;14/03/2026;`,
      `4999;${SHOP};delivered;${at};which one?`,
      `${four};${SHOP};NOT DELIVERED;${at};`,
    ];
    const id = await upload('march.csv', [HEADER, ...rows, ''].join('\r\n'), '?dryRun=true');
    const counts = { fileName: 'march.csv', rows: 4, accepted: 2, refused: 2, foreignColumns: ['remark'] };
    expect(await over(id)).toMatchObject({ status: 'checked', ...counts });
    expect((await orders()).map(({ state }) => state)).toEqual(Array(4).fill('shipped'));
    expect(await stage.sql(TOLD)).toEqual([]);

    expect((await run(id)).status).toBe(202);
    expect(await over(id)).toMatchObject({ status: 'done', ...counts });
    await stage.reaches(String(one), { state: 'delivered', status: 'delivered' }, 60_000);
    // A person looks at it before Lazada hears that a parcel was not delivered.
    await stage.reaches(String(four), { update_not_delivered: 1, hold_reason: 'awaiting_release' }, 60_000);
    expect(await stage.lazada.statuses(String(one))).toEqual([['shipped', 'delivered']]);
    expect(await stage.lazada.statuses(String(four))).toEqual([['shipped']]);
    expect((await stage.order(String(one))).package_delivered_at).toEqual(new Date(`${at.replace(' ', 'T')}+08:00`));
    expect(await stage.sql(TOLD)).toEqual([
      { number: one, file: 'march.csv', line: 2, by: 'clerk' },
      { number: four, file: 'march.csv', line: 5, by: 'clerk' },
    ]);
    const errors = await fileOf(id, 'errors.csv');
    expect(errors.split('\r\n').map((line) => line.split(',').slice(0, 3).join())).toEqual([
      ...['line,field,value', '3,occurred_at,14/03/2026', '4,order_number,4999', ''],
    ]);
    mended = await fileOf(id, 'refused.csv');
    expect(mended).toBe([HEADER, rows[1]?.replace(/;$/, ''), rows[2], ''].join('\r\n'));
  }, 120_000);

  test('what came back, mended and uploaded again, is taken', async () => {
    const [, two, three] = numbers;
    mended = mended.replace('14/03/2026', at).replace('4999', String(three));
    const id = await upload('march.refused.csv', mended);
    expect(await over(id)).toMatchObject({ status: 'done', rows: 2, accepted: 2, refused: 0 });
    for (const number of [two, three]) await stage.reaches(String(number), { state: 'delivered' }, 60_000);
    expect(await fileOf(id, 'errors.csv')).toBe('line,field,value,reason\r\n');
  }, 120_000);

  test('the same file again is a duplicate, also as a dry run that is run, and nothing is told twice', async () => {
    const before = await stage.sql(TOLD);
    const id = await upload('march (2).csv', mended);
    const duplicate = await view(id);
    expect(duplicate).toMatchObject({ status: 'duplicate', rows: 2, accepted: 2, refused: 0 });
    expect(await view(duplicate.duplicateOf)).toMatchObject({ fileName: 'march.refused.csv', status: 'done' });
    const tried = await upload('march (3).csv', mended, '?dryRun=true');
    expect(await over(tried)).toMatchObject({ status: 'checked', accepted: 2, refused: 0 });
    expect((await run(tried)).status).toBe(202);
    expect(await over(tried)).toMatchObject({ status: 'duplicate', duplicateOf: duplicate.duplicateOf });
    expect(await stage.sql(TOLD)).toEqual(before);
    expect(await stage.lazada.counts()).toMatchObject({ duplicates: 0 });
  }, 120_000);

  test('one that runs stops when it is deleted, and what was taken stays', async () => {
    const ROWS = 20_000;
    await addShop(stage.system, 'large', ROWS);
    const holds = await openHolds(stage.system);
    const { QUEUE_URL = '', QUEUE_PREFIX = '' } = stage.system.env;
    const producer = await openProducer({ url: QUEUE_URL, prefix: QUEUE_PREFIX });
    try {
      await holds.close('large.csv', 'second reading');
      const id = await upload('large.csv', importText('large', ROWS));
      const isHeld = () => holds.isHeld('large.csv', 'second reading');
      await until(isHeld, { what: 'it is read', withinMs: 60_000 });
      const taken = () => stage.sql("select from order_lazada_event where data ->> 'file' = 'large.csv'");
      await until(async () => (await taken()).length > 0, { what: 'a piece is taken', withinMs: 60_000 });
      expect(await view(id)).toMatchObject({ status: 'running', rows: ROWS });
      expect((await call(`/${id}`, { method: 'DELETE' })).status).toBe(204);
      const before = await taken();
      await holds.open('large.csv', 'second reading');
      const isOver = async () => {
        const { active, waiting, delayed } = await producer.counts('order-update');
        return active + waiting + delayed === 0;
      };
      await until(isOver, { what: 'its job is over', withinMs: 60_000 });
      expect(await taken()).toHaveLength(before.length);
      expect(before.length).toBeLessThan(ROWS);
      expect((await call(`/${id}`)).status).toBe(404);
      expect(await stage.sql('select from import_file where file_name = $1', ['large.csv'])).toEqual([]);
    } finally {
      await producer.close();
      await holds.end();
    }
  }, 180_000);
});
