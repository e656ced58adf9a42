import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openCli, type TestCli } from '../../cli.fixture.ts';

const SECRETS = { appSecret: 'hush-app-secret', sofPassword: 'hush-sof-password', accessToken: 'hush-token' };
const LINES = Object.entries(SECRETS).map(([name, value]) => `${name}=${value}`);
const FIELDS = '--country SG --app-key 1234 --delivery-type sof --sof-username courier';

let cli: TestCli;
let dir: string;
beforeAll(async () => {
  cli = await openCli();
  dir = mkdtempSync(join(tmpdir(), 'lazada-sof-cli-'));
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await cli.close();
});

/** Answers the path of a file that holds the secret. */
function fileWith(name: keyof typeof SECRETS): string {
  const file = join(dir, name);
  writeFileSync(file, `${SECRETS[name]}\n`);
  return file;
}
const stored = (name: string) =>
  cli.database.sql<Record<string, unknown>>('select * from account.lazada where name = $1', [name]);
const add = (name: string, input = LINES.join('\n')) => cli.sof(`account add ${name} ${FIELDS}`, { input });

describe('account add', () => {
  test.each<[from: string, options: () => string, input: string]>([
    ['standard input, as lines', () => '', LINES.join('\n')],
    ['standard input, as JSON', () => '', JSON.stringify(SECRETS)],
    ['files', () => `--app-secret-file ${fileWith('appSecret')} --sof-password-file ${fileWith('sofPassword')}`, ''],
    ['a file, the other on standard input', () => `--app-secret-file ${fileWith('appSecret')}`, SECRETS.sofPassword],
  ])('takes secrets from %s, stores them encrypted and prints none', async (from, options, input) => {
    const name = `shop-${from.replaceAll(/\W+/g, '-')}`;
    const { code, out, err } = await cli.sof(`account add ${name} ${FIELDS} ${options()} --json`, { input });
    const [row] = await stored(name);
    expect({ code, printed: JSON.parse(out) }).toEqual({ code: 0, printed: { name, accountId: row?.id } });
    expect(row).toMatchObject({
      country: 'SG',
      app_key: '1234',
      delivery_type: 'sof',
      sof_username: 'courier',
      app_secret: expect.stringMatching(/^enc:k1:/),
      sof_password: expect.stringMatching(/^enc:k1:/),
      enabled: true,
      status: 'active',
    });
    expect(`${out}${err}${JSON.stringify(row)}`).not.toContain('hush');
  });

  test('says what to do next', async () => {
    expect(await add('next-one')).toEqual({
      code: 0,
      out: 'Added account next-one. Test it: npm run sof -- account test next-one\n',
      err: '',
    });
  });

  test.each<[what: string, args: string, input: string, mistake: RegExp]>([
    [
      'sof without a SOF password',
      `account add x ${FIELDS}`,
      'appSecret=hush',
      /^--sof-password-file: is missing.*set both, or disable it$/m,
    ],
    [
      'sof without a SOF user name',
      'account add x --country SG --app-key 1 --delivery-type sof',
      LINES.join('\n'),
      /^--sof-username: is missing.*set both, or disable it$/m,
    ],
    ['secrets that cannot be told apart', `account add x ${FIELDS}`, 'hush', /lines of name=value, or a JSON object/],
    ['a secret on the command line', `account add x ${FIELDS} --sof-password hush`, '', /unknown option/],
  ])('refuses as wrong use: %s', async (_, args, input, mistake) => {
    const { code, out, err } = await cli.sof(args, { input });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(mistake);
    expect(err).not.toContain('hush');
    expect(await stored('x')).toEqual([]);
  });

  test('refuses a name that is taken, and leaves that account alone', async () => {
    await add('taken');
    const { code, err } = await add('taken', 'appSecret=other\nsofPassword=other');
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining('<name>: there is an account of this'),
    });
    expect(await stored('taken')).toHaveLength(1);
  });
});

describe('account set', () => {
  test('changes what is named, leaves the rest and prints no secret', async () => {
    await add('changing');
    const [before] = await stored('changing');
    const input = 'hush-new-password\n';
    const args = 'account set changing --sof-password-file - --auto-send-not-delivered true --shipment-provider Own';
    const { code, out } = await cli.sof(`${args} --json`, { input });
    expect({ code, printed: JSON.parse(out) }).toEqual({
      code: 0,
      printed: { name: 'changing', changed: ['autoSendNotDelivered', 'shipmentProvider', 'sofPassword'] },
    });
    const [after] = await stored('changing');
    expect(after).toMatchObject({ auto_send_not_delivered: true, shipment_provider: 'Own', app_key: '1234' });
    expect([after?.app_secret === before?.app_secret, after?.sof_password === before?.sof_password]).toEqual([
      true,
      false,
    ]);
  });

  test('a new password un-parks the account', async () => {
    const name = await cli.shop({ status: 'auth_failed', status_reason: 'login refused' });
    const { out } = await cli.sof(`account set ${name} --sof-password-file -`, { input: 'hush' });
    expect(out).toBe(`Changed sofPassword of account ${name}.\n`);
    expect(await stored(name)).toEqual([expect.objectContaining({ status: 'active', status_reason: null })]);
  });

  test.each<[what: string, args: () => Promise<string>, words: RegExp]>([
    [
      'sof on an account that could not sign in',
      async () => `${await cli.shop({ delivery_type: 'pickup', sof_password: null })} --delivery-type sof`,
      /^--sof-password-file: .*needs sofUsername and sofPassword; set both, or disable it$/m,
    ],
    [
      'sof on an account without a country',
      async () => `${await cli.shop({ delivery_type: 'pickup', country: null })} --delivery-type sof`,
      /^--country: .*needs a country.*SG, MY/m,
    ],
    ['an account that is not there', async () => 'nobody --enabled false', /no account nobody; .*account list/],
  ])('refuses %s', async (_, args, words) => {
    const { code, err } = await cli.sof(`account set ${await args()}`);
    expect(code).toBe(1);
    expect(err).toMatch(words);
  });
});

describe('account list', () => {
  test('shows every account with what is wrong with it', async () => {
    const parked = await cli.shop({ status: 'auth_failed', status_reason: 'login refused' });
    const disabled = await cli.shop({ enabled: false });
    const { code, out } = await cli.sof('account list');
    expect({ code, heading: out.split('\n')[0] }).toEqual({
      code: 0,
      heading: expect.stringMatching(/^NAME +COUNTRY +DELIVERY +STATUS +TOKENS END +REASON$/),
    });
    expect(out).toMatch(new RegExp(`^${parked} +SG +sof +auth_failed +login refused$`, 'm'));
    expect(out).toMatch(new RegExp(`^${disabled} +SG +sof +disabled$`, 'm'));
  });

  test('as JSON: the fields of an account, of a secret only whether and when it was set', async () => {
    await add('listed');
    const { out } = await cli.sof('account list --json');
    const listed = (JSON.parse(out) as { name: string }[]).find(({ name }) => name === 'listed');
    const set = { set: true, setAt: expect.stringMatching(/^\d{4}-.*Z$/) };
    expect(listed).toEqual({
      accountId: expect.stringMatching(/^\d+$/),
      name: 'listed',
      country: 'SG',
      timezone: null,
      appKey: '1234',
      appSecret: set,
      accessToken: set,
      refreshToken: { set: false, setAt: null },
      accessTokenExpiresAt: null,
      refreshTokenExpiresAt: null,
      shipmentProvider: null,
      deliveryType: 'sof',
      sofUsername: 'courier',
      sofPassword: set,
      sofDriver: 'sofp',
      sofRts: 'package',
      autoSendNotDelivered: false,
      invoicePathTemplate: null,
      enabled: true,
      status: 'active',
      statusReason: null,
      tokensEndAt: null,
    });
    expect(out).not.toMatch(/hush|enc:|plain-password/);
  });

  test('says when the tokens end for good, and marks those that end within a week', async () => {
    const days = (count: number) => new Date(Date.now() + count * 86_400_000);
    const day = (count: number) => days(count).toISOString().slice(0, 10);
    const columns = { access_token: 'a', access_token_expires_at: days(20), refresh_token: 'r' };
    const lasting = await cli.shop({ ...columns, refresh_token_expires_at: days(90) });
    const ending = await cli.shop({ ...columns, refresh_token_expires_at: days(6) });
    const last = await cli.shop({ ...columns, refresh_token: null });
    const { out } = await cli.sof('account list');
    expect(out).toMatch(new RegExp(`^${lasting} .* active +${day(90)}$`, 'm'));
    expect(out).toMatch(new RegExp(`^${ending} .* active +${day(6)} \\(!\\)$`, 'm'));
    expect(out).toMatch(new RegExp(`^${last} .* active +${day(20)}$`, 'm'));
    const listed = await cli.json<{ name: string; tokensEndAt: string | null }[]>('account list');
    expect(listed.find(({ name }) => name === ending)?.tokensEndAt).toContain(day(6));
  });

  test('says how to begin where there is none', async () => {
    const empty = await openCli();
    try {
      expect((await empty.sof('account list')).out).toContain('account add --help');
      expect(await empty.json('account list')).toEqual([]);
    } finally {
      await empty.close();
    }
  });
});
