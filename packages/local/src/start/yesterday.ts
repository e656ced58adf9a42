/**
 * A made-up yesterday: orders that somebody set ready to ship at Lazada's site the day before, so that there is a day that is
 * over, with its manifest and its index.
 */
import { withClient } from '../postgres/postgres.ts';
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

/** Where the clock asked for the day before its orders were read, it is asked for again. */
export async function askForYesterdayAgain(url: string): Promise<void> {
  await withClient(url, (client) => client.query(ASK_AGAIN));
}

const ASK_AGAIN = `
  update public.lazada_daily_job j set due_at = now()
   where j.job = 'manifest' and j.due_at is null
     and not exists (select from public.marketplace_manifests m where m.account_id = j.account_id and m.manifest_date = j.day)`;
