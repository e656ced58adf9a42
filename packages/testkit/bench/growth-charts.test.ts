import { expect, test } from '@jest/globals';
import { growthCharts } from './growth-charts.ts';
import { rowOf } from './row.ts';

const row = (id: string, ours: number) => rowOf(id, { measure: 'CPU' }, { ours });

test('an axis with several points is drawn, whole and in parts', () => {
  const rows = [
    row('P1', 1),
    ...[1, 10].flatMap((n) => [row(`growth/accounts/${n}`, n), row(`growth/accounts/${n}/Redis`, 1)]),
  ];
  const charts = growthCharts([...rows, row('growth/table/0', 5)]);
  expect([...charts.keys()]).toEqual(['growth-accounts']);
  expect(charts.get('growth-accounts')?.series).toEqual([
    {
      name: 'together',
      points: [
        [1, 1],
        [10, 10],
      ],
    },
    {
      name: 'Redis',
      points: [
        [1, 1],
        [10, 1],
      ],
    },
  ]);
});
