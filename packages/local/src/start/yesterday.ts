/**
 * A made-up yesterday: orders that somebody set ready to ship at Lazada's site the day before, so that there is a day that is
 * over, with its manifest and its index.
 */
import { type Scenario, smoothScenario } from './scenarios.ts';

const COUNT = 4;
const HOUR_MS = 60 * 60 * 1_000;

/** A day ago is yesterday by the clock of every account, whose countries have no summer time. */
export const yesterdaysOrders = (now: Date): Scenario[] =>
  Array.from({ length: COUNT }, (_, n) => ({
    ...smoothScenario(n),
    status: 'ready_to_ship',
    createdAt: hoursBefore(now, 30),
    changedAt: hoursBefore(now, 24),
  }));

const hoursBefore = (now: Date, hours: number) => new Date(now.getTime() - hours * HOUR_MS).toISOString();
