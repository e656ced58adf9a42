import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnRedis, openTestQueue, type TestQueue, until } from '@lazada-sof/testkit';
import { openCli, type Settings, type TestCli } from '../../cli.fixture.ts';

await describeOnRedis('sof import', () => {
  let cli: TestCli;
  let queue: TestQueue;
  let env: Settings;
  let folder: string;
  beforeAll(async () => {
    [cli, queue, folder] = await Promise.all([
      openCli(),
      openTestQueue('redis'),
      mkdtemp(join(tmpdir(), 'sof-import-')),
    ]);
    env = { QUEUE_URL: queue.url, ...(queue.prefix !== undefined && { QUEUE_PREFIX: queue.prefix }) };
  });
  afterAll(async () => {
    await Promise.all([cli.close(), queue.close(), rm(folder, { recursive: true })]);
  });

  let made = 0;
  async function file(content = `rows ${made}`): Promise<string> {
    const path = join(folder, `day-${++made}.csv`);
    await writeFile(path, content);
    return path;
  }
  type Stored = { id: string; file_name: string; source: string; dry_run: boolean };
  async function received(): Promise<Stored> {
    const find = () =>
      cli.database.sql<Stored>(
        "select id::text as id, file_name, source, dry_run from import_file where status = 'received'",
      );
    await until(async () => (await find()).length === 1, { what: 'the file to be stored', withinMs: 25_000 });
    return (await find())[0] as Stored;
  }
  /** What order-update does with it. */
  async function work(
    to: { status?: string; accepted?: number; refused?: number; error?: string } = {},
  ): Promise<Stored> {
    const stored = await received();
    const { status = 'done', accepted = 3, refused = 0, error = null } = to;
    for (let line = 2; line < 2 + refused; line += 1)
      await cli.database.sql(
        "insert into import_error (import_id, line, field, value, reason) values ($1, $2, 'status', 'gone', 'no such status')",
        [stored.id, line],
      );
    await cli.database.sql(
      'update import_file set status = $2, rows = $3::int + $4::int, accepted = $3::int, refused = $4::int, error = $5, due_at = null where id = $1',
      [stored.id, status, accepted, refused, error],
    );
    return stored;
  }
  const run = async (args: string, to?: Parameters<typeof work>[0], input?: string) => {
    const ran = cli.sof(args, { env, ...(input !== undefined && { input }) });
    const [stored, ended] = await Promise.all([work(to), ran]);
    return { stored, ...ended };
  };

  test('hands the file in, waits until it is done, and says how it ended', async () => {
    const ran = await run(`import ${await file()}`);
    expect(ran.stored).toMatchObject({ file_name: 'day-1.csv', source: 'cli', dry_run: false });
    expect([ran.code, ran.err, ran.out]).toEqual([
      ...[0, '', `day-1.csv: 3 of 3 rows were taken (import ${ran.stored.id})\n`],
    ]);
  });

  test('shows the first mistakes and where the others are: 1', async () => {
    const { code, out, err, stored } = await run(`import ${await file()}`, { accepted: 1, refused: 12 });
    expect(code).toBe(1);
    expect(out.match(/line \d+, status "gone": no such status/g)).toHaveLength(10);
    expect(out).toContain(`/v1/imports/${stored.id}/errors.csv`);
    expect(err).toContain('12 rows were refused');
  });

  test('of a file that cannot be read says why: 1', async () => {
    const ran = await run(`import ${await file()}`, { status: 'failed', accepted: 0, error: 'it is a picture' });
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('it is a picture')]);
  });

  test('as a dry run takes nothing, and says how it is run', async () => {
    const { stored, code, out } = await run(`import ${await file()} --dry-run`, { status: 'checked' });
    expect([stored.dry_run, code]).toEqual([true, 0]);
    expect(out).toContain(`POST /v1/imports/${stored.id}/run`);
  });

  test('of a file that was imported before says so at once', async () => {
    const { stored } = await run(`import ${await file('twice')}`);
    const again = await cli.json<{ status: string; duplicateOf: string; accepted: number }>(
      `import ${await file('twice')}`,
      { env },
    );
    expect(again).toMatchObject({ status: 'duplicate', duplicateOf: stored.id, accepted: 3 });
  });

  test('reads standard input', async () => {
    const { stored, code } = await run('import -', {}, 'by pipe');
    expect([stored.file_name, code]).toEqual(['standard input', 0]);
    const [row] = await cli.database.sql<{ text: string }>(
      "select convert_from(bytes, 'UTF8') as text from import_chunk where import_id = $1",
      [stored.id],
    );
    expect(row?.text).toBe('by pipe');
  });

  test('left with Ctrl-C goes on, and says how it is stopped: 130', async () => {
    const path = await file();
    const ran = await cli.sof(`import ${path}`, {
      env,
      interruptAfter: async () => {
        await received();
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      },
    });
    const stored = await work();
    expect([ran.code, ran.err]).toEqual([130, expect.stringContaining(`DELETE /v1/imports/${stored.id} stops it`)]);
  });

  test.each([
    ['no such file', () => join(folder, 'none.csv'), 'there is no such file'],
    ['a folder', () => folder, 'is no file'],
  ])('%s is wrong use: 2', async (_, path, words) => {
    const { code, err } = await cli.sof(`import ${path()}`, { env });
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });

  test('with a queue that is away nothing is handed in: 1', async () => {
    const before = await cli.database.sql('select id from import_file');
    const { code } = await cli.sof(`import ${await file()}`, { env: { QUEUE_URL: 'redis://127.0.0.1:1' } });
    expect([code, await cli.database.sql('select id from import_file')]).toEqual([1, before]);
  });
});
