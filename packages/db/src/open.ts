/** The database as the services are handed it. */
import type { Orders, Tokens } from '@lazada-sof/orders';
import { type Access, openAccess } from './access/access.ts';
import { type IdempotencyKeys, openIdempotencyKeys } from './access/idempotency-keys.ts';
import { type AccountStore, openAccounts } from './accounts/accounts.ts';
import { type ConsentStore, openConsents } from './accounts/consent.ts';
import { openLookingTokens } from './accounts/looking-tokens.ts';
import { RENEWAL_MS } from './accounts/renewal.ts';
import { openSealing, type Sealing } from './accounts/sealing.ts';
import { type KeyRing, NO_KEYS } from './accounts/secrets.ts';
import { openTokens } from './accounts/tokens.ts';
import { type Audit, openAudit } from './audit/audit.ts';
import { type Backfills, openBackfills } from './backfills/backfills.ts';
import { type DailyJobs, openDailyJobs } from './days/daily-jobs.ts';
import { type IndexFiles, openIndexFiles } from './days/index-files.ts';
import { type Manifests, openManifests } from './days/manifests.ts';
import { type ImportRuns, openImportRuns } from './imports/import-runs.ts';
import { type Imports, openImports } from './imports/imports.ts';
import { watchBackfill } from './migrate/readiness.ts';
import { type Carriers, openCarriers } from './orders/carriers.ts';
import { type Claims, openClaims } from './orders/claim.ts';
import { type Documents, openDocuments } from './orders/documents.ts';
import { type Events, openEvents } from './orders/events.ts';
import { type FindOrder, orderFinder } from './orders/find-orders.ts';
import { type Gauges, readGauges } from './orders/gauges.ts';
import { type HostOrders, openHostOrders } from './orders/host-orders.ts';
import { LEASE_MS } from './orders/order-change.ts';
import { type OrderList, openOrderList } from './orders/order-list.ts';
import { type OrderUpdates, openOrderUpdates } from './orders/order-updates.ts';
import { openOrders } from './orders/orders.ts';
import { openPushes, type Pushes } from './push/pushes.ts';
import { openRetention, type Retention } from './retention/retention.ts';
import { type Log, openPool } from './sql/pool.ts';
import { openPrisma } from './sql/prisma.ts';
import { openWatchedFolders, type WatchedFolders } from './watch/watched-folders.ts';

export type DbOptions = {
  url: string;
  /** Left out: for services that touch no secret. */
  keys?: KeyRing;
  /** Who writes: the service's name, or the door (`api`, `cli`, `import`). Events carry it. */
  source: string;
  log?: Log | undefined;
  /** At most so many connections beside those of renewals. */
  connections?: number;
  /** Another clock than the machine's, for tests: by it something is remembered for a moment. */
  clock?: () => number;
};

export type Db = {
  readonly orders: Orders & OrderList;
  /** By account and number, many at once. */
  readonly findOrder: FindOrder;
  /** For a person or another system, who hands nothing on: what a change makes owed is due at once. */
  readonly externalChanges: Pick<Orders, 'change'>;
  /** Likewise for a walk over many: what somebody else holds is `busy` at once, and changes of one moment share a transaction. */
  readonly manyChanges: Pick<Orders, 'change'>;
  /** What other systems and people say of orders. */
  readonly updates: OrderUpdates;
  readonly pushes: Pushes;
  /** Folders in which import files are dropped. */
  readonly watchedFolders: WatchedFolders;
  /** For those who have no host system. */
  readonly hostOrders: HostOrders;
  readonly claims: Claims;
  readonly carriers: Carriers;
  readonly accounts: AccountStore;
  readonly tokens: Tokens;
  /** For checking an account: works on a parked one too, and always signs in to SOF anew. */
  readonly verifyingTokens: Tokens;
  /** For looking at an account: as `verifyingTokens`, and nothing is renewed, stored or parked. */
  readonly lookingTokens: Tokens;
  readonly consents: ConsentStore;
  /** Secrets that are plain, or sealed by an older key. */
  readonly sealing: Sealing;
  readonly documents: Documents;
  readonly dailyJobs: DailyJobs;
  readonly backfills: Backfills;
  readonly imports: Imports;
  /** For the worker of imports, and whoever looks whether somebody goes on with them. */
  readonly importRuns: ImportRuns;
  readonly indexFiles: IndexFiles;
  readonly manifests: Manifests;
  readonly events: Events;
  readonly retention: Retention;
  readonly access: Access;
  readonly audit: Audit;
  /** Requests that name themselves. */
  readonly idempotencyKeys: IdempotencyKeys;
  gauges(): Promise<Gauges>;
  /** True where the database answers. */
  ping(): Promise<boolean>;
  /** For `/readyz`: whether the database answers, and, while `sof migrate` is not through, how far it is. */
  ready(): Promise<{ database: boolean; backfill?: string }>;
  close(): Promise<void>;
};

/** Renewals hold a connection while the outside is asked; so many accounts can be renewed at once by one process. */
const RENEWALS = 10;

/** A flag that comes after a quiet hour need not wait until a connection is made. */
const KEPT = 2;

/** Connects at the first use. */
export function openDb({
  url,
  keys = NO_KEYS,
  source,
  log,
  connections = 10,
  clock = () => performance.now(),
}: DbOptions): Db {
  const pool = openPool({ url, max: connections, kept: KEPT, log });
  // Whoever waits in line for a renewal is told so by the server, and not by a connection that is given up.
  const renewals = openPool({ url, max: RENEWALS, longestMs: 2 * RENEWAL_MS, log });
  const prisma = openPrisma(pool);
  const tokens = { pool, renewals, keys, source, clock };
  const ping = () =>
    pool.query('select 1').then(
      () => true,
      () => false,
    );
  const unfinished = watchBackfill(pool);
  const manyChanges = openOrders({ pool, source, leaseMs: 0, waits: false });
  const externalChanges = openOrders({ pool, source, leaseMs: 0, waits: true });
  return {
    orders: { ...openOrders({ pool, source, leaseMs: LEASE_MS, waits: false }), ...openOrderList(pool) },
    externalChanges,
    manyChanges,
    findOrder: orderFinder(pool),
    updates: openOrderUpdates({ pool, source }),
    watchedFolders: openWatchedFolders(pool),
    pushes: openPushes(pool, keys, manyChanges),
    hostOrders: openHostOrders({ pool, source }),
    claims: openClaims(pool),
    carriers: openCarriers(pool),
    accounts: openAccounts({ pool, prisma, keys, source }),
    tokens: openTokens({ ...tokens, verifying: false }),
    verifyingTokens: openTokens({ ...tokens, verifying: true }),
    lookingTokens: openLookingTokens(tokens),
    consents: openConsents({ ...tokens, verifying: true }),
    sealing: openSealing(tokens),
    documents: openDocuments(pool),
    dailyJobs: openDailyJobs(pool),
    backfills: openBackfills(pool),
    imports: openImports(pool),
    importRuns: openImportRuns(pool),
    indexFiles: openIndexFiles(pool),
    manifests: openManifests(pool),
    events: openEvents(prisma, clock),
    retention: openRetention(pool),
    access: openAccess(prisma),
    audit: openAudit(pool),
    idempotencyKeys: openIdempotencyKeys(pool),
    gauges: () => readGauges(pool),
    ping,
    ready: async () => ({ database: await ping(), ...(await unfinished()) }),
    async close() {
      await prisma.$disconnect();
      await Promise.all([pool.end(), renewals.end()]);
    },
  };
}
