/**
 * The kinds of work that an account's rates tell apart: by which API, and for how many orders one call is made. A status
 * goes out alone, reads are gathered by fifty; so in a second ten calls read five hundred orders and five post five.
 */
import { type Account, isRecheck, type MarketplaceApi, type OwedStep, traitsOf } from '@lazada-sof/orders';

export type Work = {
  readonly name: string;
  /** Absent: no call of the marketplace's is made; a carrier's rate is not the account's. */
  readonly api?: MarketplaceApi;
  /** Orders, or packages, that one call takes. */
  readonly perCall: number;
  /** Of the account's rate; the rest of it is for what somebody waits for. */
  readonly share?: number;
};

const WORK = {
  status: { name: 'status', api: 'sofp', perCall: 1 },
  end: { name: 'end', api: 'lazada', perCall: 20 },
  pack: { name: 'pack', api: 'lazada', perCall: 20 },
  read: { name: 'read', api: 'lazada', perCall: 50 },
  document: { name: 'document', api: 'lazada', perCall: 1 },
  recheck: { name: 'recheck', api: 'lazada', perCall: 1, share: 0.2 },
  ours: { name: 'ours', perCall: 1 },
} as const satisfies Record<string, Work>;

const statusOf = (account: Account): Work => (traitsOf(account).needsSofLogin ? WORK.status : WORK.end);

const WORK_OF_STEP: Record<OwedStep['step'], (account: Account) => Work> = {
  shipped: statusOf,
  delivered: statusOf,
  not_delivered: statusOf,
  ready_to_ship: () => WORK.pack,
  read_back: () => WORK.read,
  tracking: () => WORK.read,
  confirm: () => WORK.read,
  look: () => WORK.read,
  invoice_fetch: () => WORK.document,
  invoice_upload: () => WORK.ours,
  carrier_poll: () => WORK.ours,
  settle: () => WORK.ours,
};

export const workOf = (owed: OwedStep, account: Account): Work =>
  isRecheck(owed) ? WORK.recheck : WORK_OF_STEP[owed.step](account);

/** Calls a second of one account, by API. */
export type Rates = Readonly<Record<MarketplaceApi, number>>;

/** What no rate holds back: about as many as a worker takes up. */
const MOST_PER_SECOND = 500;

/** Orders a second that an account's rate lets through. */
export const perSecond = ({ api, perCall, share = 1 }: Work, rates: Rates): number =>
  Math.min(MOST_PER_SECOND, api === undefined ? MOST_PER_SECOND : rates[api] * perCall * share);
