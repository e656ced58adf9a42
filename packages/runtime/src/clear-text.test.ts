/** Who tries to have passwords said in clear text: by a forgotten scheme, or by a host that only looks like this machine. */
import { describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig, readWhatIsSet, toldInClearText } from './config.ts';
import type { Setting } from './settings/setting.ts';
import { SERVICE_SLICES, SETTINGS, type SliceName } from './settings.ts';

type Address = { slice: SliceName; name: string; url: (host: string) => string };
const ADDRESSES: readonly Address[] = [
  { slice: 'lazada', name: 'LAZADA_REST_URL', url: (host) => `http://${host}/rest` },
  { slice: 'lazada', name: 'LAZADA_AUTH_URL', url: (host) => `http://${host}/rest` },
  { slice: 'sofp', name: 'SOFP_URL', url: (host) => `http://${host}` },
  { slice: 'carrier', name: 'DHL_API_URL', url: (host) => `http://${host}` },
  { slice: 'target', name: 'INVOICE_TARGET_URL', url: (host) => `ftp://u:canary@${host}/in` },
  { slice: 'imports', name: 'IMPORT_SOURCE_URL', url: (host) => `ftp://u:canary@${host}/in` },
];

function mistakesOf(slice: SliceName, env: Record<string, string>): readonly string[] {
  try {
    readConfig([slice], env);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

describe.each(ADDRESSES)('$name', ({ slice, name, url }) => {
  test.each([
    ['another machine', 'files.example.com'],
    ['one of the own network', '10.0.0.5'],
    ['the name of a container', 'simulator:8090'],
    ['a name that begins like this machine', 'localhost.evil.example'],
    ['an address that begins like this machine', '127.0.0.1.evil.example'],
    ['this machine as the user', 'localhost@evil.example'],
    ['this machine as user and password', '127.0.0.1:80@evil.example'],
    ['this machine behind the fragment', 'evil.example#@localhost'],
    ['this machine behind a backslash', 'evil.example\\@localhost'],
    ['a name that is asked of a name server', 'localhost.'],
    ['a disguised address', '0x7f.1'],
    ['one as a number', '2130706433'],
    ['one in octal', '0177.0.0.1'],
    ['a mapped address', '[::ffff:127.0.0.1]'],
    ['every address', '0.0.0.0'],
    ['every address of IPv6', '[::]'],
  ])('%s is refused', (_, host) => {
    const mistakes = mistakesOf(slice, { [name]: url(host) });
    expect(mistakes).toEqual([expect.stringMatching(new RegExp(`^${name}\\b.*ALLOW_PLAINTEXT=true$`))]);
    expect(mistakes.join()).not.toContain('canary');
    expect(mistakesOf(slice, { [name]: url(host), ALLOW_PLAINTEXT: 'true' })).toEqual([]);
  });

  test.each(['localhost', 'LocalHost:8090', '127.0.0.1:21', '127.3.2.1', '[::1]:8090'])(
    '%s is this machine',
    (host) => {
      expect(mistakesOf(slice, { [name]: url(host) })).toEqual([]);
    },
  );

  test('a scheme in capitals is one', () => {
    const shouted = url('files.example.com').replace(/^\w+/, (scheme) => scheme.toUpperCase());
    expect(mistakesOf(slice, { [name]: shouted })).toHaveLength(1);
  });

  test('whoever looks at half an installation is refused too', () => {
    expect(() => readWhatIsSet([slice], { [name]: url('files.example.com') })).toThrow(new RegExp(`^${name}\\b`));
  });
});

test('with TLS, and on this machine’s disk, nothing is said in clear text', () => {
  const env = {
    ...{ LAZADA_REST_URL: 'https://s/rest', LAZADA_AUTH_URL: 'https://s/rest', SOFP_URL: 'https://s' },
    ...{ DHL_API_URL: 'https://s', INVOICE_TARGET_URL: 'ftps://u:p@s/in', IMPORT_SOURCE_URL: 'file:///in' },
  };
  expect(ADDRESSES.flatMap(({ slice }) => mistakesOf(slice, env))).toEqual([]);
});

test.each(['yes', '1', 'TRUE'])('%s allows nothing: it is a mistake, and the only one', (written) => {
  const env = { ALLOW_PLAINTEXT: written, SOFP_URL: 'http://sofp.example.com' };
  expect(mistakesOf('sofp', env)).toEqual([expect.stringMatching(/^ALLOW_PLAINTEXT=.*true or false/)]);
});

test('no value without an address of its own is shown', () => {
  expect(mistakesOf('sofp', { SOFP_URL: 'http://u:canary@sofp.example.com/canary' })).toEqual([
    expect.stringMatching(/^SOFP_URL=http:\/\/sofp\.example\.com cannot be used/),
  ]);
});

/** Settings are enumerated from the table, so that a new address cannot be forgotten. */
describe('every address in the table', () => {
  const all = Object.entries(SETTINGS).flatMap(([slice, settings]) =>
    Object.values<Setting>(settings).map((setting) => ({ slice: slice as SliceName, setting })),
  );
  const takes = ({ type }: Setting, written: string) => type.safeParse(written).success;
  const isText = (setting: Setting) => takes(setting, 'gopher://h.example/0123456789');
  const inClearText = ['http://h.example/x', 'ftp://u:p@h.example/x', 'redis://h', 'postgres://h/d'];
  const WITHOUT_SECRETS = [
    // Only compared with what Lazada has, and opened by the seller's browser.
    'LAZADA_REDIRECT_URL',
    // No password goes there, and in the network of the two is nobody else.
    'RENDERER_URL',
  ];

  const addresses = all.filter(
    ({ setting }) => !isText(setting) && inClearText.some((written) => takes(setting, written)),
  );

  test('says what becomes of clear text', () => {
    const forgotten = addresses.filter(({ setting }) => setting.inClearText === undefined);
    expect(forgotten.map(({ setting }) => setting.name)).toEqual(WITHOUT_SECRETS);
  });

  test('that is refused is one of six, and can be allowed', () => {
    const refused = addresses.filter(({ setting }) => setting.inClearText === 'refused');
    expect(refused.map(({ setting }) => setting.name).toSorted()).toEqual(ADDRESSES.map(({ name }) => name).toSorted());
    for (const { slice } of refused) expect(SETTINGS[slice]).toHaveProperty('allowPlaintext');
  });
});

test('every service that reads such an address refuses it, as it is started', () => {
  const required = { DATABASE_URL: 'postgres://h/d', QUEUE_URL: 'redis://h', SESSION_SECRET: '0123456789abcdef' };
  const env = { ...required, ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` };
  const refusing = Object.entries(SERVICE_SLICES).map(([service, slices]) => {
    const reads = ADDRESSES.filter(({ slice }) => slices.some((one) => one === slice));
    for (const { name, url } of reads)
      expect(() => readConfig(slices, { ...env, [name]: url('files.example.com') })).toThrow(new RegExp(`^${name}\\b`));
    return [service, reads.map(({ name }) => name)];
  });
  const lazada = ['LAZADA_REST_URL', 'LAZADA_AUTH_URL'];
  expect(Object.fromEntries(refusing)).toEqual({
    ...{ scheduler: [], api: [], 'tracking-fetch': lazada, 'invoice-fetch': lazada },
    ...{ 'status-sync': [...lazada, 'SOFP_URL'], simulator: ['SOFP_URL'] },
    ...{ 'invoice-upload': ['INVOICE_TARGET_URL'], 'order-update': ['IMPORT_SOURCE_URL'] },
    'carrier-poll': ['DHL_API_URL'],
  });
});

test.each(ADDRESSES)('$name that is let through is told', ({ slice, name, url }) => {
  const config = readConfig([slice], { [name]: url('files.example.com'), ALLOW_PLAINTEXT: 'true' });
  expect(toldInClearText(config)).toMatchObject([{ name, fix: expect.stringMatching(/https:|sftp:/) }]);
  expect(toldInClearText(readConfig([slice], { [name]: url('localhost'), ALLOW_PLAINTEXT: 'true' }))).toEqual([]);
});

describe('servers of our own are told and not refused', () => {
  const told = (env: Record<string, string>) =>
    toldInClearText(
      readWhatIsSet(['database', 'queue', 'scheduler'], { DATABASE_URL: '', QUEUE_URL: '', ...env }).config,
    ).map(({ name }) => name);

  test.each([
    ['redis://:p@redis.example:6379', ['QUEUE_URL']],
    ['redis+cluster://:p@10.0.0.5:6379', ['QUEUE_URL']],
    ['rediss://:p@redis.example:6379', []],
    ['rediss+cluster://:p@redis.example:6379', []],
    ['redis://LOCALHOST:6379', []],
    ['redis://127.0.0.1.evil.example', ['QUEUE_URL']],
    ['postgres://u:p@db.example/d', ['QUEUE_URL']],
  ])('the queue at %s', (url, expected) => expect(told({ QUEUE_URL: url })).toEqual(expected));

  test.each([
    ['postgresql://u:p@db.example/d', ['DATABASE_URL']],
    ['postgresql://u:p@db.example/d?sslmode=disable', ['DATABASE_URL']],
    ['postgresql://u:p@localhost/d?host=db.example', ['DATABASE_URL']],
    ['postgresql://u:p@db.example/d?sslmode=require', []],
    ['postgresql://u:p@db.example/d?sslmode=verify-full&sslrootcert=/ca.pem', []],
    ['postgresql://u:p@db.example/d?ssl=true', []],
    ['postgresql://u:p@127.0.0.1:5432/d', []],
    ['postgresql://u:p@[::1]:5432/d', []],
    ['postgresql:///d?host=/var/run/postgresql', []],
    ['postgresql://u@%2Fvar%2Frun%2Fpostgresql/d', []],
  ])('the database at %s', (url, expected) => expect(told({ DATABASE_URL: url })).toEqual(expected));

  test('the way of notifications is told too, and no password with it', () => {
    const { config } = readWhatIsSet(['scheduler'], { DATABASE_LISTEN_URL: 'postgres://u:canary@db.example/d' });
    expect(toldInClearText(config)).toEqual([
      {
        name: 'DATABASE_LISTEN_URL',
        what: expect.stringMatching(/^DATABASE_LISTEN_URL .*without TLS/),
        fix: expect.stringContaining('sslmode=verify-full'),
      },
    ]);
    expect(JSON.stringify(toldInClearText(config))).not.toContain('canary');
  });
});
