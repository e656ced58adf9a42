import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openCli, type TestCli } from '../../cli.fixture.ts';

const DAY = '2026-10-05';

let cli: TestCli;
let shop: string;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.close());
beforeEach(async () => {
  shop = await cli.shop();
});

const refetch = (args: string) => cli.sof(`manifest refetch ${args}`, { env: { QUEUE_URL: cli.database.url } });
const put = (status: string) =>
  cli.database.sql(
    `insert into marketplace_manifests (marketplace, account_id, manifest_date, status, error)
     select 'lazada', id, $2, $3, 'in words' from account.lazada where name = $1`,
    [shop, DAY, status],
  );
const row = () =>
  cli.database.sql(
    `select m.status, m.error, j.due_at <= now() as due, j.tries
       from account.lazada a left join marketplace_manifests m on m.account_id = a.id
       left join lazada_daily_job j on j.account_id = a.id and j.job = 'manifest' where a.name = $1`,
    [shop],
  );

describe('manifest refetch', () => {
  test.each(['failed', 'not_supported'])('of one that is %s lists it again and asks for it', async (status) => {
    await put(status);
    expect(await refetch(`${shop} ${DAY} --json`)).toEqual({
      code: 0,
      out: `${JSON.stringify({ account: shop, day: DAY, was: status })}\n`,
      err: '',
    });
    expect(await row()).toEqual([{ status: 'listed', error: null, due: true, tries: 0 }]);
  });

  test('of a day that nobody asked for asks for it, without a row of its own', async () => {
    expect(await refetch(`${shop} ${DAY}`)).toEqual({
      code: 0,
      out: `Asking for the manifest of ${shop} of ${DAY}, which there is not.\n`,
      err: '',
    });
    expect(await row()).toEqual([{ status: null, error: null, due: true, tries: 0 }]);
  });

  test('of one that is stored fails, and changes nothing', async () => {
    await put('stored');
    const { code, err } = await refetch(`${shop} ${DAY}`);
    expect({ code, err }).toEqual({
      code: 1,
      err: `the manifest of ${shop} of ${DAY} is stored, and written once: nothing was changed\n`,
    });
    expect(await row()).toEqual([{ status: 'stored', error: 'in words', due: null, tries: null }]);
  });

  test('of one that is stored and whose file was removed asks for it', async () => {
    await put('stored');
    await cli.database.sql('update marketplace_manifests set file_removed_at = now()');
    expect(await refetch(`${shop} ${DAY}`)).toMatchObject({
      code: 0,
      out: expect.stringContaining('which is stored.'),
    });
    expect(await row()).toEqual([{ status: 'listed', error: null, due: true, tries: 0 }]);
  });

  test('of a day that is not over names it', async () => {
    const { code, err } = await refetch(`${shop} 2126-01-01`);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^2126-01-01 is not over in Asia\/Singapore/),
    });
    expect(await row()).toEqual([{ status: null, error: null, due: null, tries: null }]);
  });

  test('of an account that is not there says so', async () => {
    expect(await refetch(`nobody ${DAY}`)).toMatchObject({ code: 1, err: expect.stringMatching(/no account nobody/) });
  });

  test.each(['2026-02-30', '5.10.2026', 'yesterday'])('%s is no day: wrong use', async (date) => {
    expect(await refetch(`${shop} ${date}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`"${date}" is no day`),
    });
  });

  test('--help has an example', async () => {
    expect((await cli.sof('manifest refetch --help')).out).toContain('manifest refetch demo-sg 2026-11-27');
  });
});
