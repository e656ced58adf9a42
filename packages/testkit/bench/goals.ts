/** Every row that a bench may tell: what it measures, and what is wanted of it. */
export type Wanted = { readonly atLeast: number } | { readonly atMost: number };

export type Measure = {
  readonly measure: string;
  /** Wanted of ours divided by the floor. */
  readonly ratio?: Wanted;
  /** Wanted of ours alone. */
  readonly ours?: Wanted;
};

const atLeast = (value: number): Wanted => ({ atLeast: value });
const atMost = (value: number): Wanted => ({ atMost: value });

export const MEASURES = {
  P1: { measure: 'statuses/s / BullMQ and one POST by got', ratio: atLeast(0.6) },
  'P1-plain': { measure: 'the same / BullMQ and one POST by got as it comes' },
  'P1-http': { measure: 'the same / BullMQ and one POST by node:http', ratio: atLeast(0.35) },
  'P1-undici': { measure: 'the same / BullMQ and one POST by undici' },
  P2: { measure: 'statuses/s / BullMQ and one POST by got, SOF 100 ms away', ratio: atLeast(0.85) },
  'P2-plain': { measure: 'the same / BullMQ and one POST by got as it comes' },
  'P2-http': { measure: 'the same / BullMQ and one POST by node:http' },
  'P2-undici': { measure: 'the same / BullMQ and one POST by undici' },
  P3: { measure: 'transactions per order', ours: atMost(0.15) },
  P3b: { measure: 'statements of status-sync per 50 orders, full batches', ours: atMost(12) },
  'P3b-packets': { measure: 'the same sent together counted once' },
  'P3b-redis': { measure: "commands to Redis per job of status-sync beyond BullMQ's own", ours: atMost(1) },
  P4: { measure: 'Open Platform reads / the fewest, ready to ship and tracking', ratio: atMost(1.1) },
  'P4-packing': { measure: 'Pack and RTS calls / the fewest', ratio: atMost(1.1) },
  P5: { measure: 'claim with 5,000 due: large / small table, ms', ratio: atMost(1.3) },
  'P5-ms': { measure: 'claim with 5,000 due on the large table, ms', ours: atMost(40) },
  'P5-idle': { measure: 'claim with nothing due: large / small table, ms', ratio: atMost(1.5) },
  P7: { measure: 'claim, load, plan, add / bare addBulk of 1,000, jobs/s', ratio: atLeast(0.45) },
  'P9-ftp': { measure: 'FileStore.put / bare STOR, files/s', ratio: atLeast(0.75) },
  'P9-sftp': { measure: 'FileStore.put / bare put over SFTP, files/s', ratio: atLeast(0.7) },
  P11: { measure: 'memory of status-sync at work / bare worker with got, MB', ratio: atMost(1.4) },
  'P11-later': { measure: 'memory of status-sync after ten times the jobs / before, MB', ratio: atMost(1.15) },
  P13: { measure: 'two workers / one, statuses/s', ratio: atLeast(0.95) },
  'P13-far': { measure: 'two workers / one, SOF 100 ms away, 16 at once each, statuses/s', ratio: atLeast(1.8) },
  P14: { measure: 'statuses/s of an account with many due / its rate', ratio: atLeast(0.95) },
  'P14-second': { measure: 'most of its statuses in any second (its rate 5)', ours: atMost(6) },
  'P14-neighbour': { measure: "statuses/s of its neighbour / the neighbour's alone", ratio: atLeast(0.95) },
  P15: { measure: 'flag committed until SOF is asked, idle, ms: median', ours: atMost(20) },
  'P15-95': { measure: 'the same: 95th percentile', ours: atMost(40) },
  P17: { measure: 'HTML invoices/s / bare page.pdf and one read-back', ratio: atLeast(0.8) },
  P18: { measure: 'CPU of all services of an idle system, % of a core', ours: atMost(1) },
  'P18-servers': { measure: 'CPU of PostgreSQL and Redis meanwhile, % of a core' },
  crowd: { measure: "a quiet account's slowest flag beside many due of another, s", ours: atMost(5) },
  'crowd-busy': { measure: 'what the busy account sends meanwhile / its rate', ratio: atLeast(0.95) },
  'crowd-postgres': { measure: 'slowest flag, PostgreSQL queue, s', ours: atMost(5) },
  'crowd-postgres-busy': { measure: 'busy account / its rate, PostgreSQL queue', ratio: atLeast(0.95) },
  update: { measure: 'updates by queue/s / BullMQ and one upsert', ratio: atLeast(0.4) },
  import: { measure: 'rows of a file/s / one unnest upsert and one insert of an event each', ratio: atLeast(0.4) },
  'import-memory': { measure: 'growth of live memory over a million rows, MB', ours: atMost(64) },
  gauges: { measure: 'the gauges together on a large table, ms', ours: atMost(20) },
  lists: { measure: 'the slowest page of a list there, ms', ours: atMost(20) },
  'lists-deep': { measure: 'a page nine tenths into a list there / its first, ms', ratio: atMost(1.3) },
  redact: { measure: 'the slowest of many hostile texts of 64 KB redacted, ms of processor', ours: atMost(5) },
  'redact-answer': { measure: 'an answer of Lazada of 64 KB redacted, ms of processor', ours: atMost(5) },
} as const satisfies Readonly<Record<string, Measure>>;

export type RowId = keyof typeof MEASURES;
