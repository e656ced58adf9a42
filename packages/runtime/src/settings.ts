/**
 * All settings, in slices named after what uses them. A service asks for its slices and is started with nothing else.
 * `docs/settings.md` and `.env.example` are made from this table.
 */
import { defaulted, optional, required, type Setting, type ValueOf } from './settings/setting.ts';
import { encryptionKeys, fileTarget, hostPatterns, networks, userAndPassword } from './settings/special-types.ts';
import {
  daysKept,
  duration,
  httpBase,
  httpPath,
  longSecret,
  offsets,
  oneOf,
  port,
  positiveNumber,
  text,
  trueOrFalse,
  urlOf,
  wholeNumber,
} from './settings/text-types.ts';

const postgres = urlOf('postgres', 'postgresql');

const host = defaulted('HOST', text.min(1), '0.0.0.0', { meaning: 'The address on which the ports are served.' });

/** The six countries' own domains, and the stores of others in which Lazada has buckets: of those only buckets named after it. */
const LAZADAS_HOSTS = [
  ...['*.lazada.sg', '*.lazada.com.my', '*.lazada.co.th', '*.lazada.vn', '*.lazada.com.ph', '*.lazada.co.id'],
  ...['*.lazada.com', '*lazada*.*.aliyuncs.com', '*lzd*.*.aliyuncs.com', '*.alicdn.com'],
].join(',');
const allowPlaintext = defaulted('ALLOW_PLAINTEXT', trueOrFalse, 'false', {
  meaning:
    '`true` lets addresses of Lazada, DHL, the invoice target and the import folder begin with `http://` or `ftp://`, where passwords and tokens can be read on the way. Otherwise such an address stops the start, unless it is this machine (`localhost`, `127.0.0.0/8`, `[::1]`). For demonstrations on a network of their own.',
});

export const SETTINGS = {
  database: {
    url: required('DATABASE_URL', postgres, {
      meaning: 'PostgreSQL 14 or newer: the truth about every order.',
      example: 'postgresql://lazada_sof:change-me@localhost:5432/lazada',
      secret: true,
      inClearText: 'told',
    }),
  },
  queue: {
    url: required('QUEUE_URL', urlOf('redis', 'rediss', 'redis+cluster', 'rediss+cluster', 'postgres', 'postgresql'), {
      meaning:
        'Where the jobs wait: `redis://` or `rediss://` (one server), `redis+cluster://` (a cluster), or `postgres://` (to try it out and for tests; production uses Redis).',
      example: 'redis://:change-me@localhost:6379',
      secret: true,
      inClearText: 'told',
    }),
    prefix: defaulted('QUEUE_PREFIX', text.min(1), '{lazada-sof}', {
      meaning: "The beginning of every key in the queue. The braces keep all keys in one of a Redis cluster's slots.",
    }),
  },
  keys: {
    encryption: required('ENCRYPTION_KEYS', encryptionKeys, {
      meaning:
        'The keys that seal the secrets of accounts in the database: `id:base64(32 bytes)`, several with a comma between them. The first seals, all open.',
      example: 'k1:(the output of: openssl rand -base64 32)',
      secret: true,
    }),
  },
  lazada: {
    restUrl: optional('LAZADA_REST_URL', httpBase, {
      meaning:
        "One Open Platform address for all countries (staging, simulator). Left out: each account's country host.",
      example: 'http://localhost:8090/rest',
      inClearText: 'refused',
    }),
    authUrl: defaulted('LAZADA_AUTH_URL', httpBase, 'https://auth.lazada.com/rest', {
      meaning:
        'The host that gives out and refreshes Open Platform tokens; its `/oauth/authorize` is the page on which sellers consent.',
      inClearText: 'refused',
    }),
    allowPlaintext,
  },
  consent: {
    // As it is written: Lazada compares it with the registered one letter by letter.
    redirectUrl: optional('LAZADA_REDIRECT_URL', urlOf('http', 'https'), {
      meaning:
        "The callback address registered with the app, exactly as it stands there: the seller's browser ends at it with the code of his consent. Read by `sof account authorize`.",
      example: 'https://example.com/lazada/consent',
    }),
  },
  sofp: {
    url: defaulted('SOFP_URL', httpBase, 'https://sofp-sg.lel.asia', {
      meaning: "The host of Lazada's SOF module.",
      inClearText: 'refused',
    }),
    authPath: defaulted('SOFP_AUTH_PATH', httpPath, '/api/auth', {
      meaning: "The SOF module's sign-in, exactly as it is served.",
    }),
    statusPath: defaulted('SOFP_STATUS_PATH', httpPath, '/api/statuses/', {
      meaning: 'Where statuses are sent, exactly as it is served, with its slash.',
    }),
    usernameField: defaulted('SOFP_USERNAME_FIELD', text.min(1), 'username', {
      meaning: 'The field of the user name in the body of the sign-in.',
    }),
    passwordField: defaulted('SOFP_PASSWORD_FIELD', text.min(1), 'password', {
      meaning: 'The field of the password in the body of the sign-in.',
    }),
    allowPlaintext,
  },
  rates: {
    lazada: defaulted('LAZADA_RPS', positiveNumber, '10', {
      meaning: 'Open Platform calls of one account, evenly spaced, over all processes together.',
      unit: 'requests per second and account',
    }),
    sofp: defaulted('SOFP_RPS', positiveNumber, '5', {
      meaning: 'SOF calls of one account, evenly spaced, over all processes together.',
      unit: 'requests per second and account',
    }),
  },
  invoices: {
    // What a template may hold say the rules of orders: the service hands their check to `runService`.
    pathTemplate: defaulted(
      'INVOICE_PATH_TEMPLATE',
      text,
      '{country}/{yyyy}/{mm}/INV_{country}_{account}_{order_number}{_Ppart}{_Rrevision}.pdf',
      {
        meaning:
          'The path of an invoice on the target. Part and revision stand in it only from 2 up; it must hold `{order_number}`. An account may have its own.',
      },
    ),
    linkHosts: defaulted('INVOICE_LINK_HOSTS', hostPatterns, LAZADAS_HOSTS, {
      meaning:
        'The hosts from which an invoice that is only a pointer may be fetched, and the pictures of one. `*` as a whole name in front stands for one or more names, at the end for the ending of a country, within a name for any letters of it. One named without `*` and with its port may have a private address.',
    }),
    renderer: defaulted('PDF_RENDERER', oneOf(['chromium', 'none']), 'chromium', {
      meaning:
        '`chromium` turns invoices that come as web pages into PDFs; with `none` they are kept as they came, and blocked until there is a renderer again.',
    }),
    rendererUrl: optional('RENDERER_URL', httpBase, {
      meaning:
        'A renderer that runs by itself, in a network that nobody but `invoice-fetch` reaches: whoever reaches it may ask, and what it is sent are buyers’ invoices. Left out: `invoice-fetch` starts one of its own.',
      example: 'http://renderer:8077',
    }),
    recheckAfterMs: defaulted('INVOICE_RECHECK', offsets, '1d,7d,30d', {
      meaning:
        'How long after it was stored an invoice is looked at again, since Lazada may issue another one: several times with commas between them, or `none`. Each is one more call an invoice.',
      unit: 'times after it was stored',
    }),
  },
  target: {
    url: optional('INVOICE_TARGET_URL', fileTarget, {
      meaning:
        'Where invoices are put: `sftp://user:password@host:port/folder?hostkey=SHA256:…` (`hostkey` several times: any of them), `ftps://…` (explicit TLS; `?ca=` names a file with its authority), `ftp://…`, or `file:///folder`. For each of them also `connections=4`, how many one process opens at most, and `partial=suffix`, which calls a file `<name>.part` until it is whole, where the server forbids names with a dot in front (`.<name>.part`). Values in the query are percent-encoded. Left out: nothing is uploaded.',
      example: 'sftp://invoices:change-me@files.example.com:22/lazada?hostkey=SHA256%3Aabc',
      secret: true,
      inClearText: 'refused',
    }),
    allowPlaintext,
  },
  imports: {
    sourceUrl: optional('IMPORT_SOURCE_URL', fileTarget, {
      meaning: 'The folder watched for import files, written like `INVOICE_TARGET_URL`. Left out: none is watched.',
      example: 'file:///var/lib/lazada-sof/import',
      secret: true,
      inClearText: 'refused',
    }),
    watchIntervalMs: defaulted('IMPORT_WATCH_INTERVAL', duration, '60s', {
      meaning: 'How often the import folder is listed.',
      unit: 'duration',
    }),
    allowPlaintext,
  },
  carrier: {
    dhlUrl: defaulted('DHL_API_URL', httpBase, 'https://api-eu.dhl.com', {
      meaning: 'The host of the DHL tracking API.',
      inClearText: 'refused',
    }),
    dhlKey: optional('DHL_API_KEY', text.min(1), {
      meaning: 'The key of the DHL tracking API. Left out: DHL is not asked.',
      secret: true,
    }),
    dhlDailyBudget: defaulted('DHL_DAILY_BUDGET', wholeNumber(1, 10_000_000), '250', {
      meaning: 'How many times DHL may be asked on a day of GMT, over all processes.',
      unit: 'calls per day',
    }),
    allowPlaintext,
  },
  scheduler: {
    listenUrl: optional('DATABASE_LISTEN_URL', postgres, {
      meaning:
        'A direct connection for notifications, where `DATABASE_URL` is a pooler in transaction mode. Left out: `DATABASE_URL`.',
      example: 'postgresql://lazada_sof:change-me@localhost:5432/lazada',
      secret: true,
      inClearText: 'told',
    }),
    sweepIntervalMs: defaulted('SWEEP_INTERVAL', duration, '30s', {
      meaning: 'The safety net behind notifications and due times: so often the tables are looked through anyway.',
      unit: 'duration',
    }),
  },
  retention: {
    invoices: optional('RETAIN_INVOICES', daysKept, {
      meaning:
        'How long the bytes of invoices are kept here, what Lazada sent and the PDF; what is not on the target yet stays. Hash, path and size stay. Left out: for ever.',
      unit: 'days',
      example: '400d',
    }),
    manifests: optional('RETAIN_MANIFESTS', daysKept, {
      meaning: "How long the files of the days' manifests are kept; hash and size stay. Left out: for ever.",
      unit: 'days',
      example: '400d',
    }),
    imports: optional('RETAIN_IMPORTS', daysKept, {
      meaning:
        'How long import files that are over are kept, with the rows that they refused; the list of mistakes stays. Left out: for ever.',
      unit: 'days',
      example: '90d',
    }),
    eventData: optional('RETAIN_EVENT_DATA', daysKept, {
      meaning:
        'How long it is kept what an event on a timeline tells besides when, what and by which door; who it was goes too; of an update its name, what it said as a hash and what Lazada had accepted stay. Left out: for ever.',
      unit: 'days',
      example: '400d',
    }),
  },
  worker: {
    concurrency: defaulted('CONCURRENCY', wholeNumber(1, 10_000), '100', {
      meaning:
        "Jobs that one worker process runs at once, its hands. From 100 on Lazada's batches leave full. A quarter may wait for one account's rate, a tenth is kept for accounts that have none: below about 20, accounts that are not answered can hold up others for seconds.",
      unit: 'jobs',
    }),
  },
  http: {
    host,
    port: defaulted('PORT', port, '8080', {
      meaning: 'The port of the HTTP API; 0: any free one, printed in the log.',
    }),
  },
  proxies: {
    trusted: optional('TRUST_PROXY', networks, {
      meaning:
        'The proxies in front of `api`: their addresses or networks, with commas between them. A request from one of them is that of its client: the last address in `X-Forwarded-For` that is none of them. Left out: that header is ignored, and whoever connects is the client.',
      example: '10.0.0.0/8,127.0.0.1',
    }),
  },
  session: {
    secret: required('SESSION_SECRET', longSecret, {
      meaning: 'Signs the session cookies of console and dashboard.',
      example: '(the output of: openssl rand -hex 32)',
      secret: true,
    }),
  },
  console: {
    admin: optional('CONSOLE_ADMIN', userAndPassword, {
      meaning:
        'Creates the first administrator of console and dashboard, where there is no administrator; who was removed does not come back. A password under 12 characters, or one of the most common, stops the start, at every start.',
      example: 'admin:(at least 12 characters, none of the common passwords)',
      secret: true,
    }),
  },
  simulator: {
    host,
    port: defaulted('PORT', port, '8090', { meaning: 'The port of the stand-in Lazada; 0: any free one.' }),
    ftpPort: defaulted('SIMULATOR_FTP_PORT', port, '8091', {
      meaning: "The simulator's FTP server; 0: any free port.",
    }),
    sftpPort: defaulted('SIMULATOR_SFTP_PORT', port, '8092', {
      meaning: "The simulator's SFTP server; 0: any free port.",
    }),
  },
  health: {
    host,
    port: defaulted('HEALTH_PORT', port, '9464', {
      meaning: '`/livez`, `/readyz` and `/metrics` are served here; 0: any free port, printed in the log.',
    }),
  },
  log: {
    level: defaulted('LOG_LEVEL', oneOf(['error', 'warn', 'info', 'debug']), 'info', {
      meaning: 'The least important lines that are still written: `error`, `warn`, `info` or `debug`.',
    }),
    format: defaulted('LOG_FORMAT', oneOf(['json', 'pretty']), 'json', {
      meaning: '`json`: one object a line. `pretty`: for people.',
    }),
  },
} as const satisfies Record<string, Record<string, Setting>>;

export type SliceName = keyof typeof SETTINGS;
export type Config<Slice extends SliceName = SliceName> = {
  readonly [Name in Slice]: {
    readonly [Key in keyof (typeof SETTINGS)[Name]]: ValueOf<(typeof SETTINGS)[Name][Key]>;
  };
};

const EVERY_SERVICE = ['health', 'log'] as const;
const EVERY_WORKER = [...EVERY_SERVICE, 'database', 'queue', 'worker'] as const;

/** Which settings each service reads, and no others. */
export const SERVICE_SLICES = {
  scheduler: [...EVERY_SERVICE, 'database', 'queue', 'rates', 'scheduler', 'retention'],
  'status-sync': [...EVERY_WORKER, 'keys', 'rates', 'lazada', 'sofp'],
  'tracking-fetch': [...EVERY_WORKER, 'keys', 'rates', 'lazada'],
  'invoice-fetch': [...EVERY_WORKER, 'keys', 'rates', 'lazada', 'invoices'],
  'invoice-upload': [...EVERY_WORKER, 'target'],
  'order-update': [...EVERY_WORKER, 'imports'],
  'carrier-poll': [...EVERY_WORKER, 'carrier'],
  api: [...EVERY_SERVICE, 'database', 'queue', 'keys', 'http', 'session', 'console', 'proxies'],
  simulator: [...EVERY_SERVICE, 'simulator', 'sofp'],
} as const satisfies Record<string, readonly SliceName[]>;
/** Read by the command line and by no service. */
export const COMMAND_LINE_SLICES = ['consent'] as const satisfies readonly SliceName[];
export type ServiceName = keyof typeof SERVICE_SLICES;

/** The settings of some slices, each variable once. */
export const settingsOf = (slices: readonly SliceName[]): readonly Setting[] => [
  ...new Map(slices.flatMap((slice) => Object.values(SETTINGS[slice]).map((one: Setting) => [one.name, one]))).values(),
];
