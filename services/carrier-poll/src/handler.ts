/** One parcel's carrier is asked how it stands, and what it says is taken like a word by any other door. */
import type { Carriers } from '@lazada-sof/db';
import { carrierOf, Failure, findPackage, HOUR, recordCarrierWord, whatCarrierSays, wordId } from '@lazada-sof/orders';
import type { JobContext, JobResult, OrderJob, Perform } from '@lazada-sof/queue';
import type { Ask } from './ask.ts';
import type { AskedCarrier } from './carriers.ts';

export type PollTools = {
  /** By name; those that this process has a key for. */
  readonly carriers: ReadonlyMap<string, AskedCarrier>;
  readonly ask: Ask;
  readonly isHeard: Carriers['isHeard'];
};

export function performPoll({ carriers, ask, isHeard }: PollTools): Perform {
  return async (step, { order, signal, change }) => {
    const parcel = findPackage(order, step.ref);
    const named = parcel && carrierOf(parcel);
    if (!named) return;
    const asked = carriers.get(named.name);
    if (!asked) throw noKey(named.name);
    const { number } = named;
    const { account } = order;
    const shipments = await ask(asked, { number, account: account.name }, signal);
    const says = whatCarrierSays(shipments, { number, readyToShipAt: parcel.readyToShipAt, account });
    const word = { carrier: asked.carrier, number, says };
    const id = wordId(step.ref, word);
    const isKnown = id !== null && (await isHeard(order.orderId, id));
    await change((fresh, now) => recordCarrierWord(fresh, step.ref, { ...word, isKnown }, now));
  };
}

/** Another process has one, or had. */
const noKey = (carrier: string): Failure =>
  new Failure('rate-limited', `carrier ${carrier} is not asked by this process: it has no key for it`, {
    code: 'carrier_no_key',
    waitMs: HOUR,
  });

/** One parcel's job: its order is looked up, and of that order only this parcel is asked about. */
export const pollCarrier =
  ({ job, orderOf }: { job: OrderJob; orderOf: Carriers['orderOf'] }) =>
  async ({ packageId }: { packageId: string }, context: JobContext): Promise<JobResult> => {
    const orderId = await orderOf(packageId);
    if (orderId === null) return 'superseded';
    return job({ orderId, ...context, only: (step) => step.ref === packageId });
  };
