/** What the tests beside share: a worker's stage with parcels on their way with DHL, which is the simulator. */
import { carrierDhl } from '@lazada-sof/connectors';
import type { Db } from '@lazada-sof/db';
import { type Carrier, explain, type Limiter } from '@lazada-sof/orders';
import { ended, openWorkerStage, type WorkerStage } from '@lazada-sof/testkit';
import { askCarrier } from './ask.ts';
import type { AskedCarrier } from './carriers.ts';
import { performPoll, pollCarrier } from './handler.ts';

export type Parcel = { readonly number: string; readonly orderId: string; readonly packageId: string };
export type PollStage = WorkerStage & {
  /** A parcel on its way since `readyAt`, with that carrier's number. */
  addParcel(fields?: { carrier?: string; carrierNumber?: string; readyAt?: string; account?: string }): Promise<Parcel>;
  /** What DHL knows of a number from now on. */
  dhlKnows(trackingNumber: string, what: object): Promise<unknown>;
  dhlRules(rules: object): Promise<unknown>;
  /** How often DHL was asked. */
  calls(): Promise<number>;
  poll(parcel: Parcel, process?: Process): ReturnType<typeof ended>;
  /** A process of the service, with this carrier. */
  process(options?: Partial<ProcessOptions>): Process;
  row(parcel: Parcel): Promise<WorkerRow | undefined>;
  events(parcel: Parcel, kind: string): Promise<object[]>;
  explain(parcel: Parcel): Promise<string>;
  /** The waits of all parcels are over. */
  allPass(): Promise<void>;
};
type WorkerRow = Awaited<ReturnType<WorkerStage['order']>>['steps'][number];
type ProcessOptions = { carriers: readonly Carrier[]; perDay: number; db: Db; limiter: Limiter; random: () => number };
export type Process = (
  packageId: string,
  options?: { force?: boolean; signal?: AbortSignal },
) => ReturnType<typeof ended>;

let made = 0;

export async function openPollStage(): Promise<PollStage> {
  const stage = await openWorkerStage('carrier-poll');
  const dhl = carrierDhl({ url: `http://${stage.simulatorHost}`, key: 'simulated' });
  await stage.db.carriers.ask('dhl');

  const process: PollStage['process'] = ({
    carriers = [dhl],
    perDay = 250,
    db = stage.db,
    limiter = stage.limiter,
    random = () => 0,
  } = {}) => {
    const asked = new Map(carriers.map((carrier): [string, AskedCarrier] => [carrier.name, { carrier, perDay }]));
    const ask = askCarrier({ ledger: db.carriers, limiter, random });
    const perform = performPoll({ carriers: asked, ask, isHeard: db.carriers.isHeard });
    const handle = pollCarrier({ job: stage.job(perform, db), orderOf: db.carriers.orderOf });
    return (packageId, { force = false, signal = new AbortController().signal } = {}) =>
      ended(handle({ packageId }, { signal, force, attemptsMade: 0, job: { id: '1', addedAt: new Date(0) } }));
  };
  const first = process();
  return {
    ...stage,
    process,
    async addParcel({ carrier = 'dhl', carrierNumber = `D${++made}`, readyAt = '2026-02-27', account } = {}) {
      const number = await stage.addReadyOrder(account === undefined ? {} : { account });
      const { orderId } = await stage.order(number);
      await stage.sql('update public.orders set created_at = $2::timestamptz where id = $1', [orderId, readyAt]);
      const [parcel] = await stage.sql(SHIPPED, [orderId, carrier, carrierNumber, readyAt]);
      return { number, orderId, packageId: String(parcel?.id) };
    },
    async dhlKnows(trackingNumber, what) {
      await stage.lazada.post('/control/dhl', { trackingNumber, ...what });
      await stage.lazada.post('/control/dhl/rules', { perSecond: 1_000 });
    },
    dhlRules: (rules) => stage.lazada.post('/control/dhl/rules', rules),
    calls: async () => (await stage.lazada.counts()).calls['dhl/track'] ?? 0,
    poll: ({ packageId }, run = first) => run(packageId),
    row: async ({ number, packageId }) =>
      (await stage.order(number)).steps.find(({ step, ref }) => step === 'carrier_poll' && ref === packageId),
    events: async ({ orderId }, kind) =>
      (
        await stage.sql('select data from public.order_lazada_event where order_id = $1 and kind = $2 order by id', [
          orderId,
          kind,
        ])
      ).map(({ data }) => data as object),
    async explain({ number }) {
      return explain(await stage.order(number), new Date())
        .map(({ check, detail }) => `${check}: ${detail}`)
        .join('\n');
    },
    allPass: async () => void (await stage.sql('update public.order_lazada_step set due_at = now()')),
    async close() {
      dhl.close();
      await stage.close();
    },
  };
}

const SHIPPED = `
  update public.order_lazada_package
     set state = 'shipped', ready_to_ship_at = $4, shipped_at = $4, shipped_sent_at = $4, confirmed_at = $4,
         carrier = $2, carrier_tracking_number = $3
   where order_id = $1 returning id`;
