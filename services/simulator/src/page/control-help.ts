/** The control calls, and what can be written into an order's script and events. */
import type { ControlCall } from '../control/call.ts';
import { MANUAL_EVENTS } from '../control/schemas.ts';
import { DEADLINE_FORMS, INVOICE_KINDS } from '../world/model.ts';
import { ITEM_EVENTS } from '../world/state-machine.ts';
import { type Html, html, table } from './html.ts';

export function controlTable(calls: readonly ControlCall[]): Html {
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
    'shipBy',
    `Lazada's deadline: afterSeconds (of its creation; it may have passed), form (${DEADLINE_FORMS.join(', ')})`,
  ],
  ['shows', 'statuses under another name to readers: {"shipped":"lost_by_3pl"}, or one that nobody knows'],
  ['buyer', 'whom the order names: {"name":"…","phone":"…","address":"…"}'],
  [
    'invoice',
    `kind (${INVOICE_KINDS.join(', ')}), language (en, th, vi), readyAfterSeconds, revision, link (iframe), signedPicture (html), file and mime (raw)`,
  ],
  [
    'trouble',
    'elements of batch calls that fail: [{"call":"/order/fulfill/pack","code":"700024","times":2}]; "missing":true leaves them out of the answer',
  ],
];

export function scriptHelp(origin: string): Html {
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
