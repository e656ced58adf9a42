/** The worker that reports statuses, run by hand: its handler on real connectors, at a stage of its own. */
import { fleetDbs, fleetSofp, marketplaceLazada } from '@lazada-sof/connectors';
import type { Db } from '@lazada-sof/db';
import type { OwedStep } from '@lazada-sof/orders';
import type { Perform } from '@lazada-sof/queue';
import { type Ended, openWorkerStage, recordedLog, type WorkerStage } from '@lazada-sof/testkit';
import { performStatusStep } from './handler.ts';
import { packingNotes } from './packing-notes.ts';

type Sync = (orderNumber: string, options?: Parameters<WorkerStage['run']>[2]) => Promise<Ended>;

export type StatusSync = WorkerStage & {
  readonly perform: Perform;
  /** One job of the order, in the worker's own process. */
  readonly sync: Sync;
  /** The same of another process on the same database. */
  anotherSync(): Sync;
  /** An order whose tracking numbers come late, so that nothing but ready to ship is owed of it; its number. */
  addOrderToShip(request?: Parameters<WorkerStage['addOrder']>[0] & { script?: object }): Promise<string>;
  /** The states of its packages, sorted. */
  statesOf(orderNumber: string): Promise<string[]>;
  /** Statuses that the worker was told to count, oldest first. */
  readonly counted: string[];
  /** What it told in the log. */
  readonly lines: ReturnType<typeof recordedLog>['lines'];
};

/** Calls by which an order is set ready to ship. */
export const PACK = '/order/fulfill/pack';
export const READY = '/order/package/rts';

export async function openStatusSync(): Promise<StatusSync> {
  const stage = await openWorkerStage('status-sync');
  const counted: string[] = [];
  const { log, lines } = recordedLog();
  const performOf = (db: Db): Perform => {
    const { lazada, sof } = stage.outside(db);
    const marketplace = marketplaceLazada(lazada);
    const fleets = { sofp: fleetSofp(sof), dbs: fleetDbs(lazada) };
    const notePacking = packingNotes({ accounts: db.accounts, log });
    const onAccepted = (_: string, status: string) => void counted.push(status);
    return performStatusStep({ marketplace, fleets, notePacking, onAccepted });
  };
  const syncOf = (perform: Perform, db: Db): Sync => {
    const job = stage.job(perform, db);
    return (orderNumber, options) => stage.run(job, orderNumber, options);
  };
  const perform = performOf(stage.db);
  return {
    ...stage,
    counted,
    lines,
    perform,
    sync: syncOf(perform, stage.db),
    anotherSync() {
      const db = stage.anotherDb();
      return syncOf(performOf(db), db);
    },
    addOrderToShip: ({ script = {}, ...request } = {}) =>
      stage.addOrder({ ...request, script: { trackingAfterSeconds: 3_600, ...script } }),
    statesOf: async (orderNumber) => (await stage.order(orderNumber)).packages.map(({ state }) => state).toSorted(),
    async calm() {
      counted.length = 0;
      await stage.calm();
    },
  };
}

/** By force, but only this step: else the items would be read for their own sake too. */
export const byForce = (step: OwedStep['step']) => ({ force: true, only: (owed: OwedStep) => owed.step === step });
