/** What a bench found, in one form for people, programs and charts. */
import type { Measure, Wanted } from './goals.ts';
import { figure } from './measure.ts';

export type Row = {
  readonly id: string;
  readonly measure: string;
  /** As people write it, `≥ 0.6`; null: it is only shown. */
  readonly goal: string | null;
  /** What a bare program does, or another side that ours is compared with; null: ours stands for itself. */
  readonly floor: number | null;
  readonly ours: number;
  readonly ratio: number | null;
};

export type Found = { readonly ours: number; readonly floor?: number };

export function rowOf(id: string, { measure, ratio, ours }: Measure, found: Found): Row {
  const wanted = ratio ?? ours;
  const { floor } = found;
  return {
    id,
    measure,
    goal: wanted ? inWords(wanted) : null,
    floor: floor === undefined ? null : rounded(floor),
    ours: rounded(found.ours),
    ratio: floor === undefined ? null : rounded(found.ours / floor),
  };
}

export const isMet = ({ ratio, ours }: Measure, row: Row): boolean =>
  (!ratio || holds(ratio, row.ratio)) && (!ours || holds(ours, row.ours));

/** What could not be measured has missed its goal. */
function holds(wanted: Wanted, value: number | null): boolean {
  if (value === null) return false;
  return 'atLeast' in wanted ? value >= wanted.atLeast : value <= wanted.atMost;
}

const inWords = (wanted: Wanted): string => ('atLeast' in wanted ? `≥ ${wanted.atLeast}` : `≤ ${wanted.atMost}`);

/** Four digits: more would be noise. */
const rounded = (value: number): number => Number(value.toPrecision(4));

export function rowInWords(row: Row, met: boolean): string {
  const { id, measure, goal, floor, ours, ratio } = row;
  const value =
    floor === null || ratio === null ? figure(ours) : `${figure(ours)} / ${figure(floor)} = ${figure(ratio)}`;
  const verdict = goal === null ? '' : `, goal ${goal}: ${met ? 'met' : 'MISSED'}`;
  return `  ${id} ${measure}: ${value}${verdict}`;
}

const HEAD = ['id', 'measure', 'goal', 'floor', 'ours', 'ratio'];

/** A table in Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const cell = (value: string | number | null) => (typeof value === 'number' ? figure(value) : (value ?? ''));
  const cells = rows.map(({ id, measure, goal, floor, ours, ratio }) =>
    [id, measure, goal, floor, ours, ratio].map(cell),
  );
  return [HEAD, HEAD.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

export const readRows = (lines: string): Row[] =>
  lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Row);
