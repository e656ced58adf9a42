/**
 * Speed as ratios. Figures of one machine say little and move while it does other things; so several ways to do the same
 * take turns within one run, and their medians are compared.
 */

/** One round of each, told as one figure. */
export type Ways<Name extends string> = Readonly<Record<Name, () => Promise<number>>>;
export type Medians<Name extends string> = Readonly<Record<Name, number>>;

export type Turns<Name extends string> = {
  readonly title: string;
  /** What the figures are: `files/s`, `ms`. */
  readonly unit: string;
  readonly rounds: number;
  readonly ways: Ways<Name>;
};

/** Runs every way once unmeasured, then all in turns, prints the table and answers the medians. */
export async function inTurns<Name extends string>({ title, unit, rounds, ways }: Turns<Name>): Promise<Medians<Name>> {
  const names = Object.keys(ways) as Name[];
  const figures = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of rotated(names, round)) {
      const figure = await ways[name]();
      if (round > 0) figures.get(name)?.push(figure);
    }
  }
  console.info(`\n${title}: ${unit}, medians of ${rounds} rounds in turns`);
  const width = Math.max(...names.map((name) => name.length));
  for (const [name, all] of figures) console.info(`  ${name.padEnd(width)} ${line(all)}`);
  return Object.fromEntries([...figures].map(([name, all]) => [name, median(all)])) as Medians<Name>;
}

/** Nobody always goes first. */
const rotated = <One>(list: readonly One[], by: number): One[] => {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
};

const line = (all: readonly number[]) =>
  `${figure(median(all)).padStart(9)}   (${figure(Math.min(...all))} to ${figure(Math.max(...all))})`;

export const median = (all: readonly number[]): number => quantile(all, 0.5);

export function quantile(all: readonly number[], share: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low = Number.NaN, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

/** Three digits that say something. */
export const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

/** How long the work took, in milliseconds. */
export async function msOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** How many of `count` were done in a second. */
export const perSecond = async (count: number, work: () => Promise<unknown>): Promise<number> =>
  (count / (await msOf(work))) * 1_000;
