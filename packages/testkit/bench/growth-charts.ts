import type { Chart, Series } from './drawing.ts';
import type { Row } from './row.ts';

const AXES: Readonly<Record<string, string>> = {
  orders: 'orders at hand',
  accounts: 'accounts',
  table: 'orders that rest in the same tables',
};
const ALL = 'together';

/** A chart for each axis of which there is more than one point, by the name of its file. Ids are `growth/AXIS/X/PART`. */
export function growthCharts(rows: readonly Row[]): Map<string, Chart> {
  const charts = Object.entries(AXES).flatMap(([axis, x]): [string, Chart][] => {
    const series = seriesOf(rows, axis);
    const title = 'CPU of the machine per delivered order, µs';
    return (series[0]?.points.length ?? 0) > 1 ? [[`growth-${axis}`, { title, x, series }]] : [];
  });
  return new Map(charts);
}

function seriesOf(rows: readonly Row[], wanted: string): Series[] {
  const parts = new Map<string, [number, number][]>();
  for (const { id, ours } of rows) {
    const [bench, axis, at, part = ALL] = id.split('/');
    if (bench === 'growth' && axis === wanted) parts.set(part, [...(parts.get(part) ?? []), [Number(at), ours]]);
  }
  return [...parts].map(([name, points]) => ({ name, points }));
}
