/** What every command has in common: help, wrong use, settings, and a database that is not well. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openEmptyDatabase, type TestDatabase } from '@lazada-sof/testkit';
import { runSof } from './cli.fixture.ts';

describe('help', () => {
  test.each<[args: string, ...words: string[]]>([
    ['--help', 'Usage: sof', 'doctor', 'migrate', 'account', 'api-key', 'order'],
    ['account --help', 'add [options] <name>', 'set [options] <name>', 'test [options] <name>', 'list', 'authorize'],
    ['api-key --help', 'create', 'revoke [options] <name>', 'list'],
    ['order --help', 'show', 'explain', 'send', 'release', '<account> <order-number>'],
    ['account add --help', 'secrets come from files, or from standard', '--sof-username', '--sof-password-file'],
  ])('sof %s', async (args, ...words) => {
    const { code, out } = await runSof(args);
    expect(code).toBe(0);
    for (const word of words) expect(out).toContain(word);
  });
});

describe('wrong use is exit code 2, says what is wrong and how it is written', () => {
  test.each<[args: string, ...words: string[]]>([
    ['', 'Usage: sof'],
    ['acount', "unknown command 'acount'", 'Did you mean account?'],
    ['order', 'Usage: sof order'],
    [
      'order explain',
      "missing required argument 'account'",
      'usage: sof order explain [options] <account> <order-number>',
    ],
    ['order send shop-7 4001 4002', 'too many arguments', 'usage: sof order send'],
    ['order release shop-7 4001 --force', "unknown option '--force'", 'usage: sof order release'],
    ['account set shop-7', 'say what to change'],
    ['api-key revoke', "missing required argument 'name'", 'usage: sof api-key revoke'],
  ])('sof %s', async (args, ...words) => {
    const { code, out, err } = await runSof(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const word of words) expect(err).toContain(word);
  });

  test.each<[args: string, mistakes: readonly RegExp[]]>([
    ['api-key create', [/^--name: is missing/, /^--scopes: is missing; name some of orders:read/]],
    [
      'api-key create --name host --scopes orders:read,orders:eat,all',
      [/^--scopes: orders:eat is no scope/, /^--scopes: all is no scope/],
    ],
    [
      'account add a/b --country XX --delivery-type sof --enabled maybe --timezone Mars/Base',
      [
        /^<name>: must hold neither space nor "\/"/,
        /^--country: write one of SG, MY, TH/,
        /^--app-key: is missing/,
        /^--app-secret-file: is missing/,
        /^--timezone: is no IANA time zone/,
        /^--enabled: write true or false/,
        /^--sof-username: is missing/,
        /^--sof-password-file: is missing/,
      ],
    ],
    [
      'account set shop-7 --sof-driver x --access-token-expires-at soon --invoice-path-template {country}.txt',
      [
        /^--access-token-expires-at: write a time with its offset/,
        /^--sof-driver: write one of sofp, dbs/,
        /^--invoice-path-template: \{order_number\} is missing/,
        /^--invoice-path-template: it must end in .pdf/,
      ],
    ],
  ])('every mistake has a line: sof %s', async (args, mistakes) => {
    const { code, err } = await runSof(args);
    const lines = err.trimEnd().split('\n');
    expect({ code, lines }).toEqual({ code: 2, lines: mistakes.map((mistake) => expect.stringMatching(mistake)) });
  });
});

describe('missing settings are exit code 78, a line each', () => {
  const DATABASE = 'DATABASE_URL is missing';
  const KEYS = 'ENCRYPTION_KEYS is missing';
  const ADD = 'account add shop-7 --country SG --app-key 1 --delivery-type dropship';
  test.each<[args: string, ...lines: string[]]>([
    ['migrate', DATABASE],
    [ADD, DATABASE, KEYS],
    ['account set shop-7 --enabled false', DATABASE, KEYS],
    ['account test shop-7', DATABASE, KEYS],
    ['account list', DATABASE],
    ['account authorize shop-7 --link', DATABASE],
    ['account authorize shop-7', DATABASE, 'QUEUE_URL is missing', KEYS],
    ['api-key list', DATABASE],
    ['order show shop-7 4001', DATABASE],
    ['order send shop-7 4001', DATABASE, 'QUEUE_URL is missing'],
  ])('sof %s', async (args, ...lines) => {
    const { code, err } = await runSof(args, { input: 'hush' });
    const mistakes = err.trimEnd().split('\n');
    expect({ code, mistakes }).toEqual({ code: 78, mistakes: lines.map((line) => expect.stringContaining(line)) });
  });

  test('wrong ones too, without the secret', async () => {
    const env = { DATABASE_URL: 'mysql://u:hush@h/d', ENCRYPTION_KEYS: 'hush', SOFP_URL: 'sofp' };
    const { code, err } = await runSof('account test shop-7', { env });
    expect({ code, lines: err.trimEnd().split('\n').length }).toEqual({ code: 78, lines: 3 });
    expect(err).not.toContain('hush');
  });
});

describe('an address beyond this machine in clear text is exit code 78, before anybody is called', () => {
  const env = { DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/d', QUEUE_URL: 'redis://127.0.0.1:1' };
  const KEYS = { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` };
  test.each<[args: string, name: string, url: string]>([
    ['account test shop-7', 'SOFP_URL', 'http://sofp.example.com'],
    ['account test shop-7', 'LAZADA_REST_URL', 'http://localhost@evil.example/rest'],
    ['account authorize shop-7 --link', 'LAZADA_AUTH_URL', 'http://auth.example.com/rest'],
    ['invoice re-upload --from 2026-03-01 --to 2026-03-02', 'INVOICE_TARGET_URL', 'ftp://u:hush@files.example.com/in'],
    ['index re-upload shop-7 2026-03-01', 'INVOICE_TARGET_URL', 'FTP://u:hush@127.0.0.1.evil.example/in'],
    ['doctor', 'INVOICE_TARGET_URL', 'ftp://u:hush@files.example.com/in'],
  ])('sof %s with %s', async (args, name, url) => {
    const given = { LAZADA_REDIRECT_URL: 'https://host.example/consent', ...env, ...KEYS, [name]: url };
    const { code, out, err } = await runSof(args, { env: given, input: 'hush' });
    expect({ code, out, lines: err.trimEnd().split('\n').length }).toEqual({ code: 78, out: '', lines: 1 });
    expect(err).toMatch(new RegExp(`^${name}.*ALLOW_PLAINTEXT=true$`, 'm'));
    expect(err).not.toContain('hush');
  });
});

describe('a database that is not well is exit code 1, with the way out', () => {
  let empty: TestDatabase;
  beforeAll(async () => {
    empty = await openEmptyDatabase();
  });
  afterAll(() => empty.close());

  const nobody = 'postgres://u:hush@127.0.0.1:1/d';
  const another = (change: Partial<URL>) => Object.assign(new URL(empty.url), change).href;
  test.each<[what: string, args: string, url: () => string, words: RegExp]>([
    ['not there, for Prisma', 'account list', () => nobody, /cannot be reached.*DATABASE_URL/],
    ['not there, for SQL', 'order show shop-7 4001', () => nobody, /cannot be reached.*DATABASE_URL/],
    ['not there, for a migration', 'migrate', () => nobody, /cannot be reached.*DATABASE_URL/],
    ['of another name', 'api-key list', () => another({ pathname: '/nope' }), /no such database/],
    ['with another password', 'order explain shop-7 4001', () => another({ password: 'hush' }), /refuses the user/],
    ['not migrated, for Prisma', 'account list', () => empty.url, /sof -- migrate/],
    ['not migrated, for SQL', 'order release shop-7 4001', () => empty.url, /sof -- migrate/],
  ])('%s', async (_, args, url, words) => {
    const { code, out, err } = await runSof(args, { env: { DATABASE_URL: url() } });
    expect({ code, out, lines: err.trimEnd().split('\n').length }).toEqual({ code: 1, out: '', lines: 1 });
    expect(err).toMatch(words);
    expect(err).not.toContain('hush');
  });
});
