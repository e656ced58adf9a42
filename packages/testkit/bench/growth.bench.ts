/**
 * How the cost of an order grows: with the orders at hand, with accounts, and with the table around them. The cost is the
 * machine's CPU for a parcel's delivery, from the host's flag until Lazada was seen to show it: it moves less than time
 * does with whatever else the machine is at.
 */
import { type BenchContext, bench } from './bench.ts';
import { added, type Cost, costAt, PARTS, type Place } from './delivery-cost.ts';
import { median } from './measure.ts';
import { openServers } from './servers.ts';

/** How often, and the largest of each kind that is measured. */
const OPTIONS = {
  usual: { rounds: 3, orders: 30_000, accounts: 100, table: 1_000_000 },
  quick: { rounds: 1, orders: 3_000, accounts: 0, table: 0 },
};
type Options = typeof OPTIONS.usual;
type Axis = keyof Place;

const AXES: Readonly<Record<Axis, { readonly points: readonly number[]; readonly words: (point: string) => string }>> =
  {
    orders: { points: [1_000, 3_000, 10_000, 30_000], words: (point) => `with ${point} orders at hand` },
    accounts: { points: [1, 10, 100], words: (point) => `of ${point} accounts` },
    table: { points: [0, 100_000, 300_000, 1_000_000], words: (point) => `beside ${point} orders that rest` },
  };
/** The point that all axes share. */
const USUAL: Place = { orders: 3_000, accounts: 10, table: 0 };

await bench(OPTIONS, async (context) => {
  context.closing(await openServers());
  const known = new Map<string, Cost>();
  for (const axis of Object.keys(AXES) as Axis[]) await walk(context, axis, known);
});

/** A cost is compared with that of the axis' first point. */
async function walk({ options, point }: BenchContext<Options>, axis: Axis, known: Map<string, Cost>): Promise<void> {
  const { points, words } = AXES[axis];
  let first: Cost | undefined;
  for (const at of points.filter((one) => one <= options[axis])) {
    const place = { ...USUAL, [axis]: at };
    const name = JSON.stringify(place);
    const cost = known.get(name) ?? (await medianAt(place, options.rounds));
    known.set(name, cost);
    first ??= cost;
    const measure = `CPU of an order ${words(at.toLocaleString('en'))}, µs`;
    point(`growth/${axis}/${at}`, { measure }, { ours: whole(cost), floor: whole(first) });
    for (const part of PARTS) {
      point(
        `growth/${axis}/${at}/${part}`,
        { measure: `${measure}: ${part}` },
        { ours: cost[part], floor: first[part] },
      );
    }
  }
}

function whole(cost: Cost): number {
  return PARTS.map((part) => cost[part]).reduce(added, 0);
}

async function medianAt(place: Place, rounds: number): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) costs.push(await costAt(place));
  const of = (part: keyof Cost) => median(costs.map((cost) => cost[part]));
  return { services: of('services'), PostgreSQL: of('PostgreSQL'), Redis: of('Redis') };
}
