/** The page at `/`: what was asked, what Lazada knows, what was refused, and how to break it. Made anew every 3 seconds. */
import type { FastifyInstance } from 'fastify';
import type { ControlCall } from '../control/call.ts';
import { MANUAL_EVENTS } from '../control/schemas.ts';
import { FILE_USER, type FileTargets } from '../file-targets/targets.ts';
import type { Counts } from '../server/counts.ts';
import { type Fault, FaultSchema } from '../server/faults.ts';
import type { LoggedRequest } from '../server/request-log.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import type { SofPaths } from '../sof/paths.ts';
import { INVOICE_KINDS, type Order } from '../world/model.ts';
import { ITEM_EVENTS } from '../world/state-machine.ts';
import type { World } from '../world/world.ts';
import { type Html, html, table } from './html.ts';

const SHOWN = 30;

export type PageGiven = {
  readonly state: SimulatorState;
  readonly calls: readonly ControlCall[];
  readonly sofPaths: SofPaths;
  readonly files: FileTargets;
};

export function pageRoutes(app: FastifyInstance, given: PageGiven): void {
  app.get('/', (request, reply) => {
    const origin = `http://${request.headers.host ?? 'localhost'}`;
    return reply
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .type('text/html; charset=utf-8')
      .send(page(given, origin).text);
  });
}

function page(given: PageGiven, origin: string): Html {
  const { world, counter, requestLog, faults } = given.state;
  const counts = counter.read();
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lazada simulator</title><style>${STYLE}</style></head>
<body><h1>Lazada simulator</h1>
<p>A stand-in for Lazada's SOF module and Open Platform, DHL's tracking, and a file server. Never in production.</p>
${summary(world, counts)}
<div class="columns"><section><h2>Asked</h2>${callTable(counts)}</section>
<section><h2>Refused</h2>${refusalTable(counts)}</section>
<section><h2>Faults</h2>${faultTable(faults.list())}</section></div>
<h2>Orders</h2>${orderTable(world)}
<h2>Requests</h2>${requestTable(requestLog.read({ limit: SHOWN }))}
<h2>Break it</h2>${breakIt(origin)}
<h2>Control calls</h2>${controlTable(given.calls)}
<h2>Scripts and events</h2>${scriptHelp(origin)}
<h2>Addresses</h2>${addresses(given, origin)}
</body></html>`;
}

function summary(world: World, counts: Counts): Html {
  const accepted = (status: string) => (counts.accepted[status] ?? 0) - (counts.duplicatesByStatus[status] ?? 0);
  const refused = Object.values(counts.refusals).reduce((sum, count) => sum + count, 0);
  const figures: [string, number][] = [
    ['orders', world.orders.size],
    ['shipped', accepted('shipped')],
    ['delivered', accepted('delivered')],
    ['not delivered', accepted('not_delivered')],
    ['accepted twice', counts.duplicates],
    ['refused', refused],
    ['calls in one second', counts.peak.max],
  ];
  const bad = ['accepted twice', 'refused'];
  return html`<ul class="figures">${figures.map(
    ([name, value]) => html`<li class="${value > 0 && bad.includes(name) ? 'bad' : ''}"><b>${value}</b> ${name}</li>`,
  )}</ul>`;
}

function callTable(counts: Counts): Html {
  const rows = Object.entries(counts.calls).map(([name, calls]) => {
    const batch = counts.batches[name];
    return [
      name,
      calls,
      batch ? `${(batch.elements / batch.calls).toFixed(1)} / ${batch.largest}` : '',
      counts.peak.byCall[name] ?? 0,
    ];
  });
  return table(['call', 'times', 'batch: mean / most', 'peak per second'], rows, 'Nothing yet.');
}

function refusalTable(counts: Counts): Html {
  const asked = Object.entries(counts.askedRefusals).map(([reason, times]) => [reason, 'by script', times]);
  const own = Object.entries(counts.refusalsByCall).flatMap(([call, reasons]) =>
    Object.entries(reasons).map(([reason, times]) => [reason, call, times]),
  );
  return table(['reason', 'call', 'times'], [...own, ...asked], 'Nothing.');
}

function faultTable(faults: readonly Fault[]): Html {
  const rows = faults.map(({ id, hits, times, ...fault }) => [id, compact(fault), `${hits} of ${times ?? '∞'}`]);
  return table(['id', 'fault', 'hits'], rows, 'None: all goes well.');
}

function compact(fault: object): string {
  const usual = FaultSchema.parse({ status: 500 }) as Record<string, unknown>;
  const told = Object.entries(fault).filter(([name, value]) => name === 'status' || value !== usual[name]);
  return told
    .map(([name, value]) => `${name}=${short(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join(' ');
}

function orderTable(world: World): Html {
  const newest = [...world.orders.values()].slice(-SHOWN).reverse();
  const rows = newest.map((order) => [
    html`<a href="/control/orders/${order.orderNumber}">${order.orderNumber}</a>`,
    world.accountOf(order).name,
    statusesOf(order),
    order.packages
      .map(({ trackingNumber, replaced }) => `${trackingNumber}${replaced ? ' (replaced)' : ''}`)
      .join(', '),
    acceptedOf(order),
    order.script.invoice.kind,
  ]);
  return html`${table(['order', 'account', 'items', 'tracking numbers', 'accepted', 'invoice'], rows, 'None yet.')}
<p>The newest ${Math.min(SHOWN, world.orders.size)} of ${world.orders.size}.</p>`;
}

function statusesOf(order: Order): string {
  const tally = new Map<string, number>();
  for (const { status } of order.items) tally.set(status, (tally.get(status) ?? 0) + 1);
  return [...tally].map(([status, count]) => (count > 1 ? `${count} × ${status}` : status)).join(', ');
}

function acceptedOf(order: Order): string {
  const accepted = order.packages.flatMap((parcel) => parcel.accepted);
  return accepted.map(({ status, at, duplicate }) => `${status} ${clock(at)}${duplicate ? ' (again)' : ''}`).join(', ');
}

function requestTable(entries: readonly LoggedRequest[]): Html {
  const rows = [...entries]
    .reverse()
    .map((entry) => [
      entry.at.slice(11, 23),
      entry.call,
      entry.account ?? '',
      short(JSON.stringify(ownParameters(entry))),
      `${entry.status ?? 'reset'}${entry.code === null ? '' : ` · ${entry.code}`}`,
      entry.refused.map(({ reason }) => reason).join(', '),
      entry.fault === null ? '' : `fault ${entry.fault}`,
      entry.ms === null ? '' : `${entry.ms} ms`,
    ]);
  return table(['time', 'call', 'account', 'parameters', 'answer', 'refused', 'fault', 'took'], rows, 'None yet.');
}

/** Without what every signed call has. */
function ownParameters({ parameters }: LoggedRequest): object {
  const own = Object.entries(parameters).filter(([name]) => !SYSTEM_PARAMETERS.includes(name));
  return Object.fromEntries(own);
}

const SYSTEM_PARAMETERS = ['app_key', 'timestamp', 'sign_method', 'sign', 'access_token'];

const EXAMPLES: readonly [string, object][] = [
  ['the next five statuses are answered 503, and not taken', { api: 'sof', path: 'sof/status', times: 5, status: 503 }],
  ['a status is taken, and the answer lost', { api: 'sof', path: 'sof/status', times: 1, drop: 'after' }],
  ['the connection breaks before anything is done', { api: '*', times: 3, drop: 'before' }],
  ['half an answer', { api: 'lazada', path: '/orders/items/get', times: 1, drop: 'half' }],
  ['Pack takes 20 seconds', { api: 'lazada', path: '/order/fulfill/pack', delayMs: 20_000, times: 1 }],
  [
    'a page instead of JSON',
    { api: 'lazada', body: '<html>Service busy</html>', headers: { 'content-type': 'text/html' }, times: 2 },
  ],
  [
    'Lazada bans the app for 3 seconds',
    { api: 'lazada', body: { code: 'ApiCallLimit', message: 'this ban will last 3 seconds' }, times: 1 },
  ],
  ['one call in ten fails', { api: '*', share: 0.1, status: 502 }],
  ['an answer of 100 MB', { api: 'lazada', path: '/orders/items/get', size: 104_857_600, times: 1 }],
  ['one byte a second', { api: 'lazada', bytesPerSecond: 1, times: 1 }],
];

function breakIt(origin: string): Html {
  const lines = EXAMPLES.map(([what, fault]) => {
    const body = JSON.stringify(fault).replaceAll("'", "'\\''");
    return html`<dt>${what}</dt><dd><code>curl -s ${origin}/faults -H 'content-type: application/json' -d '${body}'</code></dd>`;
  });
  return html`<dl>${lines}<dt>all well again</dt><dd><code>curl -s -X DELETE ${origin}/faults</code></dd></dl>
<p>A fault hits the calls that fit all it names: <code>api</code> (sof, lazada, dhl, *), <code>path</code> (a name from the table of calls), <code>account</code> (seller id),
<code>match</code> (some text of the request). <code>times</code>, <code>skip</code> and <code>share</code> say how often. What goes wrong: <code>status</code>, <code>body</code>, <code>bodyBase64</code>,
<code>headers</code>, <code>size</code>, <code>delayMs</code>, <code>bytesPerSecond</code>, <code>drop</code> (before, after, half); with <code>processed</code> the call is done although another answer goes out.</p>`;
}

function controlTable(calls: readonly ControlCall[]): Html {
  return table(
    ['call', 'does'],
    calls.map(({ method, url, description }) => [
      html`<code>${method} ${url.replace(':name', '…')}</code>`,
      description,
    ]),
    '',
  );
}

const SCRIPT: readonly [string, string][] = [
  ['trackingAfterSeconds', 'so long after Pack Lazada does not tell the tracking number'],
  ['sofKnowsAfterSeconds', 'so long after ready to ship the SOF module does not know it'],
  ['visibleAfterSeconds', 'so long after a status was accepted the items do not show it'],
  ['swallow', 'statuses that are accepted and never show: ["delivered"]'],
  ['itemsPerPackage', 'so many items go into one package'],
  [
    'invoice',
    `kind (${INVOICE_KINDS.join(', ')}), language (en, th, vi), readyAfterSeconds, revision, link (iframe), file and mime (raw)`,
  ],
  [
    'trouble',
    'elements of batch calls that fail: [{"call":"/order/fulfill/pack","code":"700024","times":2}]; "missing":true leaves them out of the answer',
  ],
];

function scriptHelp(origin: string): Html {
  const order = {
    account: 'shop-1',
    count: 2,
    items: 3,
    script: { trackingAfterSeconds: 60, invoice: { kind: 'html', language: 'th' } },
  };
  const events = [...ITEM_EVENTS, ...MANUAL_EVENTS].join(', ');
  return html`<p><code>curl -s ${origin}/control/orders -H 'content-type: application/json' -d '${JSON.stringify(order)}'</code></p>
${table(['script', 'means'], SCRIPT, '')}<p>Items may be given one by one: name, sku, price, isDigital, isSof, isFbl, isCancelPending, needCancelConfirm, status.</p>
<p>Events by hand: ${events}.</p>`;
}

function addresses({ sofPaths, files }: PageGiven, origin: string): Html {
  const rows: [string, string][] = [
    ['LAZADA_REST_URL, LAZADA_AUTH_URL', `${origin}/rest`],
    ['SOFP_URL', `${origin} (sign-in ${sofPaths.authPath}, statuses ${sofPaths.statusPath})`],
    ['DHL_API_URL', origin],
    ['FTP', `port ${files.ftp.port}, explicit TLS with the certificate in ${files.certificateFile}`],
    ['SFTP', `port ${files.sftp.port}, host key ${files.sftp.hostKey}`],
    ['user of both', `${FILE_USER.user}, password ${FILE_USER.password}`],
    ['files', files.folder],
  ];
  return table(['what', 'where'], rows, '');
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

function short(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

const STYLE = html`
:root { color-scheme: light dark; --line: #8884; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem auto; max-width: 1400px; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
td:first-child { white-space: nowrap; }
th { font-weight: 600; opacity: .7; white-space: nowrap; } td { font-variant-numeric: tabular-nums; }
.columns { display: grid; grid-template-columns: 3fr 2fr 2fr; gap: 0 2.5rem; } .columns > * { min-width: 0; }
@media (max-width: 900px) { .columns { grid-template-columns: minmax(0, 1fr); } }
.figures { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 2rem; padding: 0; margin: 1rem 0 0; } .figures b { font-size: 1.5rem; }
.bad { color: #c62828; } code { font: 12px ui-monospace, monospace; overflow-wrap: anywhere; }
dt { margin-top: .5rem; } dd { margin: 0; } p { max-width: 75em; }
`;
