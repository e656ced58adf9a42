/** The page at `/`: what was asked, what Lazada knows, what was refused, and how to break it. Made anew every 3 seconds. */
import type { FastifyInstance } from 'fastify';
import type { ControlCall } from '../control/call.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { type Addresses, addresses } from './addresses.ts';
import { controlTable, scriptHelp } from './control-help.ts';
import { callTable, refusalTable, summary } from './counts.ts';
import { faultHelp } from './fault-help.ts';
import { faultTable } from './faults.ts';
import { type Html, html } from './html.ts';
import { orderTable } from './orders.ts';
import { requestTable } from './requests.ts';
import { STYLE } from './style.ts';

const MOST_REQUESTS = 30;

export type PageParts = Addresses & {
  readonly state: SimulatorState;
  readonly calls: readonly ControlCall[];
};

export function pageRoutes(app: FastifyInstance, parts: PageParts): void {
  app.get('/', (request, reply) => {
    const origin = `http://${request.headers.host ?? 'localhost'}`;
    return reply
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .type('text/html; charset=utf-8')
      .send(page(parts, origin).text);
  });
}

function page(parts: PageParts, origin: string): Html {
  const { world, counter, requestLog, faults } = parts.state;
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
<h2>Requests</h2>${requestTable(requestLog.read({ limit: MOST_REQUESTS }))}
<h2>Break it</h2>${faultHelp(origin)}
<h2>Control calls</h2>${controlTable(parts.calls)}
<h2>Scripts and events</h2>${scriptHelp(origin)}
<h2>Addresses</h2>${addresses(parts, origin)}
</body></html>`;
}
