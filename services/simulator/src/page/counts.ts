/** What was asked, refused and accepted, in numbers. */
import type { Counts } from '../server/counts.ts';
import type { World } from '../world/world.ts';
import { type Html, html, table } from './html.ts';

export function summary(world: World, counts: Counts): Html {
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

export function callTable(counts: Counts): Html {
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

export function refusalTable(counts: Counts): Html {
  const asked = Object.entries(counts.askedRefusals).map(([reason, times]) => [reason, 'by script', times]);
  const own = Object.entries(counts.refusalsByCall).flatMap(([call, reasons]) =>
    Object.entries(reasons).map(([reason, times]) => [reason, call, times]),
  );
  return table(['reason', 'call', 'times'], [...own, ...asked], 'Nothing.');
}
