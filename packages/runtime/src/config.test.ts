import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { REDACTED, redactText } from '@lazada-sof/redact';
import { type Checks, ConfigError, type Environment, readConfig, readWhatIsSet } from './config.ts';
import { SERVICE_SLICES, SETTINGS, type SliceName, settingsOf } from './settings.ts';

const KEYS = `b:${btoa('A'.repeat(32))},a:${btoa('B'.repeat(32))}`;
const KEY = Buffer.alloc(32, 7).toString('base64');
const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const mistakesOf = (slices: readonly SliceName[], env: Environment, checks?: Checks): readonly string[] => {
  try {
    readConfig(slices, env, checks);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('what is written becomes a value', () => {
  test.each<[string, SliceName, Environment, unknown]>([
    [
      'times after something',
      'invoices',
      { INVOICE_RECHECK: '30m,12h,7d' },
      { recheckAfterMs: [1_800_000, 43_200_000, 604_800_000] },
    ],
    ['no time after something', 'invoices', { INVOICE_RECHECK: 'none' }, { recheckAfterMs: [] }],
    ['a duration in milliseconds', 'scheduler', { SWEEP_INTERVAL: '500ms' }, { sweepIntervalMs: 500 }],
    ['a duration in seconds', 'scheduler', { SWEEP_INTERVAL: '30s' }, { sweepIntervalMs: 30_000 }],
    ['a duration in minutes', 'scheduler', { SWEEP_INTERVAL: '5m' }, { sweepIntervalMs: 300_000 }],
    ['a duration in hours', 'scheduler', { SWEEP_INTERVAL: '1h' }, { sweepIntervalMs: 3_600_000 }],
    ['an empty variable counts as left out', 'scheduler', { SWEEP_INTERVAL: '' }, { sweepIntervalMs: 30_000 }],
    ['days that something is kept', 'retention', { RETAIN_INVOICES: '400d' }, { invoices: 400 }],
    ['thirty of them', 'retention', { RETAIN_IMPORTS: '30d' }, { imports: 30 }],
    ['none: for ever', 'retention', {}, { invoices: undefined, eventData: undefined }],
    ['a rate may be a fraction', 'rates', { LAZADA_RPS: '0.5' }, { lazada: 0.5 }],
    [
      'a base address loses the slash at its end',
      'lazada',
      { LAZADA_REST_URL: 'https://s/rest/' },
      { restUrl: 'https://s/rest' },
    ],
    ['an exact path keeps it', 'sofp', { SOFP_STATUS_PATH: '/x/' }, { statusPath: '/x/' }],
    [
      'hosts are a list',
      'invoices',
      { INVOICE_LINK_HOSTS: 'a.example, *.b.*, *c*.*.d.example:8443' },
      { linkHosts: ['a.example', '*.b.*', '*c*.*.d.example:8443'] },
    ],
    [
      'a password may hold colons',
      'console',
      { CONSOLE_ADMIN: 'ann:a:b' },
      { admin: { user: 'ann', password: 'a:b' } },
    ],
    ['a target of a folder', 'target', { INVOICE_TARGET_URL: 'file:///out' }, { url: 'file:///out' }],
    [
      'a target with all that its query may say',
      'target',
      { INVOICE_TARGET_URL: 'sftp://u:p@h/x?hostkey=SHA256:a&hostkey=SHA256:b&connections=64&partial=suffix' },
      { url: 'sftp://u:p@h/x?hostkey=SHA256:a&hostkey=SHA256:b&connections=64&partial=suffix' },
    ],
    [
      'proxies are a list of addresses and networks',
      'proxies',
      { TRUST_PROXY: '10.0.0.0/8, 127.0.0.1,fd00::/8,::1' },
      { trusted: ['10.0.0.0/8', '127.0.0.1', 'fd00::/8', '::1'] },
    ],
    ['no proxies', 'proxies', {}, { trusted: undefined }],
    ['several keys', 'keys', { ENCRYPTION_KEYS: `b:${KEY},a:${KEY}` }, { encryption: `b:${KEY},a:${KEY}` }],
  ])('%s', (_, slice, env, expected) => {
    expect(readConfig([slice], env)[slice]).toMatchObject(expected as object);
  });
});

test('api and simulator have ports of their own by default', () => {
  expect(readConfig(['http'], {}).http).toEqual({ host: '0.0.0.0', port: 8080 });
  expect(readConfig(['simulator'], {}).simulator.port).toBe(8090);
});

describe('a mistake is one line with the variable, its value and the way out', () => {
  test.each<[string, readonly SliceName[], Environment, RegExp]>([
    ['a required variable is missing', ['database'], {}, /^DATABASE_URL is missing: set it, .*DATABASE_URL_FILE/],
    [
      'times in no order',
      ['invoices'],
      { INVOICE_RECHECK: '7d,1d' },
      /^INVOICE_RECHECK="7d,1d" .*later than the one before/,
    ],
    [
      'less than may be removed',
      ['scheduler', 'retention'],
      { RETAIN_INVOICES: '29d' },
      /^RETAIN_INVOICES="29d" .*at least 30/,
    ],
    ['nothing kept', ['retention'], { RETAIN_EVENT_DATA: '0d' }, /^RETAIN_EVENT_DATA="0d" .*at least 30/],
    ['hours kept', ['retention'], { RETAIN_IMPORTS: '720h' }, /^RETAIN_IMPORTS="720h" .*whole days/],
    ['days without unit', ['retention'], { RETAIN_MANIFESTS: '400' }, /^RETAIN_MANIFESTS="400" .*400d/],
    ['times without unit', ['invoices'], { INVOICE_RECHECK: '1' }, /^INVOICE_RECHECK="1" .*1d,7d,30d/],
    ['no time and another', ['invoices'], { INVOICE_RECHECK: 'none,1d' }, /^INVOICE_RECHECK="none,1d" .*or none/],
    [
      'times of nothing and of ages',
      ['invoices'],
      { INVOICE_RECHECK: '0d,400d' },
      /^INVOICE_RECHECK="0d,400d" .*within a year/,
    ],
    ['a duration without unit', ['scheduler'], { SWEEP_INTERVAL: '30' }, /^SWEEP_INTERVAL="30" .*30s/],
    ['a duration of nothing', ['scheduler'], { SWEEP_INTERVAL: '0s' }, /^SWEEP_INTERVAL="0s" .*more than nothing/],
    ['a port that is none', ['http'], { PORT: '70000' }, /^PORT="70000" .*0 to 65535/],
    ['a rate of zero', ['rates'], { LAZADA_RPS: '0' }, /^LAZADA_RPS="0" .*above 0/],
    ['an unknown choice', ['log'], { LOG_LEVEL: 'loud' }, /^LOG_LEVEL="loud" .*error, warn, info, debug/],
    [
      'an address of another kind',
      ['database'],
      { DATABASE_URL: 'mysql://h/d' },
      /^DATABASE_URL \(not shown\).*postgres:\/\//,
    ],
    [
      'a key of 16 bytes',
      ['keys'],
      { ENCRYPTION_KEYS: `a:${KEY.slice(0, 22)}==` },
      /^ENCRYPTION_KEYS \(not shown\).*32 bytes/,
    ],
    ['a key without id', ['keys'], { ENCRYPTION_KEYS: KEY }, /^ENCRYPTION_KEYS .*id:base64/],
    ['two keys with one id', ['keys'], { ENCRYPTION_KEYS: `a:${KEY},a:${KEY}` }, /same id/],
    [
      'a short session secret',
      ['session'],
      { SESSION_SECRET: 'short' },
      /^SESSION_SECRET \(not shown\).*16 characters/,
    ],
    ['an SFTP target without pinned key', ['target'], { INVOICE_TARGET_URL: 'sftp://u:p@h/x' }, /hostkey=SHA256/],
    [
      'a target that is no address',
      ['target'],
      { INVOICE_TARGET_URL: 'nonsense' },
      /^INVOICE_TARGET_URL \(not shown\).*sftp:\/\//,
    ],
    ['one that shouts', ['target'], { INVOICE_TARGET_URL: 'SFTP://u:p@h/x' }, /hostkey=SHA256/],
    [
      'a target with no connection',
      ['target'],
      { INVOICE_TARGET_URL: 'ftps://u:p@h/x?connections=0' },
      /^INVOICE_TARGET_URL \(not shown\).*1 to 64/,
    ],
    ['a target with too many', ['target'], { INVOICE_TARGET_URL: 'ftps://u:p@h/x?connections=65' }, /1 to 64/],
    ['a target with odd parts', ['target'], { INVOICE_TARGET_URL: 'ftps://u:p@h/x?partial=prefix' }, /is suffix/],
    ['a target of another kind', ['target'], { INVOICE_TARGET_URL: 'http://h' }, /sftp:\/\/ or ftps:\/\//],
    ['a link host with a scheme', ['invoices'], { INVOICE_LINK_HOSTS: 'http://a' }, /^INVOICE_LINK_HOSTS.*host names/],
    ['a link host that is any', ['invoices'], { INVOICE_LINK_HOSTS: '*.*' }, /^INVOICE_LINK_HOSTS.*host names/],
    ...[
      ...['loopback', 'true', '1', 'proxy.example', '10.0.0', '10.0.0.256', '10.0.0.1:80', '[::1]', 'fe80::1%eth0'],
      ...['10.0.0.0/33', '10.0.0.0/0', '::/0', '::/129', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/08', '10.0.0.0/'],
      ...['10.0.0.1,', ',', '10.0.0.1;10.0.0.2', '10.0.0.1 10.0.0.2', '010.0.0.1', '0x0a.0.0.1', '::fffff'],
    ].map((written): [string, readonly SliceName[], Environment, RegExp] => [
      `a proxy that is none (${written})`,
      ['proxies'],
      { TRUST_PROXY: written },
      /^TRUST_PROXY=".*" .*addresses or networks/,
    ]),
    ['an administrator without password', ['console'], { CONSOLE_ADMIN: 'ann' }, /^CONSOLE_ADMIN .*user:password/],
    ['a secret twice', ['session'], { SESSION_SECRET: 'x', SESSION_SECRET_FILE: 'y' }, /both set/],
    [
      'a secret file that is not there',
      ['session'],
      { SESSION_SECRET_FILE: '/no/such' },
      /^SESSION_SECRET_FILE="\/no\/such" .*ENOENT/,
    ],
    ['two ports alike', ['http', 'health'], { PORT: '9464' }, /^HEALTH_PORT is 9464, and so is PORT/],
    [
      'a cluster without braces in the prefix',
      ['queue'],
      { QUEUE_URL: 'redis+cluster://h:1', QUEUE_PREFIX: 'sof' },
      /^QUEUE_PREFIX is "sof".*\{lazada-sof\}/,
    ],
  ])('%s', (_, slices, env, expected) => {
    const mistakes = mistakesOf(slices, env);
    expect(mistakes).toEqual([expect.stringMatching(expected)]);
    expect(mistakes.join()).not.toContain('\n');
  });
});

describe('what a service checks of its own', () => {
  const isOdd = (port: number) => (port % 2 === 1 ? [] : ['the port is even', 'take an odd one']);
  const portMistakes = (env: Environment) => mistakesOf(['http', 'log'], env, { http: { port: isOdd } });

  test('is a mistake like others, of the value as it is used, and told with them', () => {
    expect(portMistakes({ PORT: '80', LOG_LEVEL: 'loud' })).toEqual([
      'PORT="80" cannot be used: the port is even; take an odd one',
      expect.stringMatching(/^LOG_LEVEL="loud"/),
    ]);
  });

  test('is none where nothing is wrong', () => expect(portMistakes({ PORT: '81' })).toEqual([]));

  test('counts for the default too', () => {
    expect(portMistakes({})).toEqual([expect.stringMatching(/^PORT="8080" /)]);
  });

  test('is not told of a value that has no right form', () => {
    expect(portMistakes({ PORT: 'eighty' })).toEqual([expect.stringMatching(/^PORT="eighty" .*whole number/)]);
  });
});

test('every mistake is told at once', () => {
  const mistakes = mistakesOf(['database', 'queue', 'log'], { LOG_FORMAT: 'xml' });
  expect(mistakes.map((line) => line.split(/[ =]/)[0])).toEqual(['DATABASE_URL', 'QUEUE_URL', 'LOG_FORMAT']);
});

test('also those that lie between two of them, beside others', () => {
  const env = { HEALTH_PORT: '8080', LOG_FORMAT: 'xml', SOFP_URL: 'http://sofp.example.com', SOFP_AUTH_PATH: 'auth' };
  expect(mistakesOf(['http', 'health', 'log', 'sofp'], env).map((line) => line.split(/[ =]/)[0])).toEqual([
    ...['LOG_FORMAT', 'SOFP_AUTH_PATH', 'HEALTH_PORT', 'SOFP_URL'],
  ]);
});

test('a mistake about a secret never shows it', () => {
  const env = {
    DATABASE_URL: 'mysql://u:canary-1@h',
    ENCRYPTION_KEYS: 'canary-2',
    INVOICE_TARGET_URL: 'gopher://u:canary-3@h',
  };
  expect(mistakesOf(['database', 'keys', 'target'], env).join('\n')).not.toContain('canary');
});

test('a secret comes from a file, without the line end of its editor', () => {
  const SESSION_SECRET_FILE = file('session', '0123456789abcdef0123\n');
  expect(readConfig(['session'], { SESSION_SECRET_FILE }).session.secret).toBe('0123456789abcdef0123');
});

test('only secrets are read from files', () => {
  const PORT_FILE = file('port', '1234');
  expect(readConfig(['http'], { PORT_FILE }).http.port).toBe(8080);
});

test.each([
  ['a session secret', { SESSION_SECRET: '0123456789abcdef' }, 'signed with 0123456789abcdef'],
  ['the password of an address', { QUEUE_URL: 'redis://u:hunter%21two@h' }, 'it said: hunter!two is wrong'],
  ['the same, encoded', { QUEUE_URL: 'redis://u:hunter%21two@h' }, 'tried hunter%21two'],
  ['user and password in Base64', { QUEUE_URL: 'redis://u:hunter%21two@h' }, `Proxy: ${btoa('u:hunter!two')}`],
  ["an administrator's password", { CONSOLE_ADMIN: 'ann:correct-horse' }, 'sign-in with correct-horse'],
  ['one key of the ring', { ENCRYPTION_KEYS: KEYS }, `key ${btoa('B'.repeat(32))} is wrong`],
])('what was read as a secret is masked wherever it turns up: %s', (_, env, written) => {
  const slices = ['session', 'queue', 'console', 'keys'] as const;
  const all = { SESSION_SECRET: '0123456789abcdef', QUEUE_URL: 'redis://h', ENCRYPTION_KEYS: KEYS, ...env };
  readConfig(slices, all);
  expect(redactText(written)).toContain(REDACTED);
});

test('but a password of a few letters would black out half the log', () => {
  readConfig(['queue'], { QUEUE_URL: 'redis://:sof@h' });
  expect(redactText('lazada-sof')).toBe('lazada-sof');
});

test('no example in brackets is accepted as a secret, and each is replaced by its own form', () => {
  const examples = Object.values(SETTINGS)
    .flatMap((slice) => Object.values(slice))
    .filter(({ example }) => example?.includes('('));
  expect(examples.map(({ name }) => name)).toEqual(['ENCRYPTION_KEYS', 'SESSION_SECRET', 'CONSOLE_ADMIN']);
  const env = Object.fromEntries(examples.map(({ name, example }) => [name, example]));
  expect(mistakesOf(['keys', 'session', 'console'], env)).toHaveLength(3);
});

test('a service is not asked for what it does not use', () => {
  const simulator = readConfig(SERVICE_SLICES.simulator, {});
  expect(Object.keys(simulator).sort()).toEqual(['health', 'log', 'simulator', 'sofp']);
});

test('keys are given to nobody but those who open or seal secrets, and ENCRYPTION_KEYS is the only setting of them', () => {
  const services = Object.entries(SERVICE_SLICES).filter(([, slices]) =>
    settingsOf(slices).some(({ name }) => /KEYS/.test(name)),
  );
  expect(services.map(([name]) => name)).toEqual(['status-sync', 'tracking-fetch', 'invoice-fetch', 'api']);
  const names = Object.values(SETTINGS).flatMap((slice) => Object.values(slice).map(({ name }) => name));
  expect(names.filter((name) => /KEY|CRYPT/.test(name))).toEqual(['ENCRYPTION_KEYS', 'DHL_API_KEY']);
});

describe('an installation that need not be whole', () => {
  const ENV = { DATABASE_URL: 'postgres://h/d', ENCRYPTION_KEYS_FILE: file('no-keys', '') };

  test('is read as far as it is set; what is left out is named', () => {
    const { config, notSet } = readWhatIsSet(['database', 'queue', 'keys', 'target'], ENV);
    expect(config).toEqual({ database: { url: 'postgres://h/d' }, target: { url: undefined, allowPlaintext: false } });
    expect(notSet).toEqual(['QUEUE_URL', 'ENCRYPTION_KEYS']);
  });

  test('what is set wrongly is refused, every mistake at once', () => {
    const env = { ...ENV, QUEUE_URL: 'http://q', ENCRYPTION_KEYS_FILE: '/nowhere', PDF_RENDERER: 'word' };
    expect(() => readWhatIsSet(['database', 'queue', 'keys', 'invoices'], env)).toThrow(
      /^QUEUE_URL .*\nENCRYPTION_KEYS_FILE.*cannot be read.*\nPDF_RENDERER/,
    );
  });
});
