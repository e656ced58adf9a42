/**
 * A small world for the property test: an order in a database that writes as the real one does, a host that sets flags,
 * and a Lazada that shows what it accepted some seconds late. Everything is a value, time moves when the test says so.
 */

import { quiet } from '../model/change.ts';
import { Failure } from '../model/failure.ts';
import { after, anOrder, T0 } from '../model/order.fixture.ts';
import type { Attempt, Change, EndStatus, Order, SentStatus } from '../model/order.ts';
import { isReport, type OwedReport, type OwedStep } from '../model/owed.ts';
import type { ElementResult, MarketplaceItem, PackedItem, ReportOutcome } from '../model/ports.ts';
import { MINUTE, SECOND } from '../model/schedules.ts';
import { withInstruction } from '../model/standing.ts';
import { beginAttempt, endAttempt, isOpenAttempt } from '../records/attempt.ts';
import { recordPacked, recordReady, shippingDone, shippingWork } from '../records/ready-to-ship.ts';
import { recordItems } from '../records/record-items.ts';
import { failStep, type StepVerdict } from '../records/step-failure.ts';
import { commit } from './commit.ts';
import { plan } from './plan.ts';
import { release } from './release.ts';

/** How a call may end: well, refused, not reached, done but never answered, or our process dies before or after it. */
export const FATES = ['ok', 'refused', 'no_connection', 'no_answer', 'killed_before', 'killed_after'] as const;
export type Fate = (typeof FATES)[number];

const LEASE_MS = 30 * SECOND;
const FOREVER = new Date(8.64e15);

type Shown = { at: Date; status: string };
type LazadaItem = { orderItemId: string; packageId: string | null; trackingNumber: string | null; history: Shown[] };
/** What a read may leave out: nothing, the package of an item, that it was packed at all, or every item. */
export const READS = ['true', 'without_package', 'as_pending', 'empty'] as const;
/** An answer that is in hand, or that will never come. */
type InFlight = { readonly attemptId: string; readonly owed: OwedReport; readonly fate: Fate; readonly until: Date };
export type Accepted = {
  readonly packageId: string;
  readonly trackingNumber: string;
  readonly status: SentStatus;
  /** Its 202 was in our hands; else only a read can tell of it. */
  readonly answered: boolean;
};

export class World {
  now = T0;
  order: Order = anOrder({ createdAt: after(-MINUTE) });
  accepted: readonly Accepted[] = [];
  readonly #items: LazadaItem[];
  /** Reads that have left and not come back. */
  readonly #reads: { readAt: Date; items: MarketplaceItem[] }[] = [];
  readonly #visibleAfter: number;
  readonly #forgets: boolean;
  #inFlight: InFlight[] = [];
  /** The host holds the order's rows: nothing of ours is written but attempts. */
  #locked = false;
  reading: (typeof READS)[number] = 'true';
  #ids = 100;

  /** `forgets`: an answer that cannot be written at once is thrown away, as a naive process would do. */
  constructor({ items, visibleAfter, forgets = false }: { items: number; visibleAfter: number; forgets?: boolean }) {
    this.#visibleAfter = visibleAfter;
    this.#forgets = forgets;
    this.#items = Array.from({ length: items }, (_, index) => ({
      orderItemId: `${index + 1}`,
      packageId: null,
      trackingNumber: null,
      history: [{ at: T0, status: 'pending' }],
    }));
  }

  // The host, whose triggers make the order due
  askToShip(): void {
    this.#hostWrites({ ...this.order, updateShipping: true, toolStatus: 'ready_for_delivery' });
  }
  setFlag(end: EndStatus, minutes: number): void {
    this.#instruct(end, { flag: true, at: after(minutes * MINUTE) });
  }
  takeFlagBack(end: EndStatus): void {
    this.#instruct(end, { flag: false, at: null });
  }
  #instruct(end: EndStatus, said: { flag: boolean; at: Date | null }): void {
    const order = withInstruction(this.order, end, said);
    const released = { ...order, notDelivered: { ...order.notDelivered, releasedAt: null } };
    this.#hostWrites(end === 'not_delivered' ? released : order);
  }
  #hostWrites(order: Order): void {
    this.order = { ...order, nextAttemptAt: this.now };
  }
  holdRows(held: boolean): void {
    this.#locked = held;
  }
  releaseByPerson(): void {
    const released = release(this.order, this.now);
    if (released) this.#commit(released, 0);
  }
  switchAccount(active: boolean): void {
    this.order = { ...this.order, account: { ...this.order.account, status: active ? 'active' : 'auth_failed' } };
  }

  // The scheduler
  /** Takes the order for the length of a lease where it is due, and writes when to look again where nothing is owed. */
  claim(): readonly OwedStep[] {
    const { nextAttemptAt, account } = this.order;
    if (account.status !== 'active' || nextAttemptAt === null || nextAttemptAt > this.now) return [];
    const { owed, nextAt } = plan(this.order, this.now);
    const leased = new Date(this.now.getTime() + LEASE_MS);
    this.order = { ...this.order, nextAttemptAt: owed.length > 0 ? leased : nextAt };
    return owed;
  }

  // Time and chance
  /** A post is over within 15 s, so no answer that comes is older than that when it is in hand. */
  pass(ms: number): void {
    const then = this.now.getTime() + ms;
    for (const { until } of this.#inFlight.filter((one) => one.until.getTime() < then)) {
      this.now = new Date(Math.max(this.now.getTime(), until.getTime()));
      this.answerReports();
    }
    this.now = new Date(then);
  }
  beginRead(): void {
    this.#reads.push({ readAt: this.now, items: this.#show() });
  }
  endRead(): void {
    const read = this.#reads.shift();
    if (read) this.#commit(recordItems(this.order, read.items, read.readAt, this.now));
  }

  // A worker
  owed(): readonly OwedStep[] {
    return plan(this.order, this.now).owed;
  }
  work(step: OwedStep, fate: Fate, takesMs: number): void {
    if (step.step === 'ready_to_ship') this.#ship(step, fate);
    else if (isReport(step)) this.#report(step, fate, takesMs);
    else if (step.step === 'settle') this.#commit(quiet(this.order));
    else if (step.step === 'invoice_fetch')
      this.#fail(step, new Failure('not-ready', 'no invoice', { code: 'missing' }), { kind: 'block' });
    else this.#read(step, fate);
  }

  #ship(step: OwedStep, fate: Fate): void {
    this.#read(step, fate === 'refused' ? 'ok' : fate);
    if (fate !== 'ok' || this.#locked) return;
    const { toPack } = shippingWork(this.order);
    const results = new Map(toPack.map((orderItemId) => [orderItemId, this.#pack(orderItemId)]));
    this.#commit(recordPacked(this.order, results, this.now));
    for (const packageId of shippingWork(this.order).toSetReady) {
      for (const item of this.#items.filter((one) => one.packageId === packageId)) this.#move(item, 'ready_to_ship', 0);
      this.#commit(recordReady(this.order, packageId, this.now));
    }
    const refusal = [...results.values()].find(({ ok }) => !ok);
    if (refusal && !refusal.ok) this.#failSoon(step, refusal.failure);
    else this.#commit(shippingDone(this.order));
  }
  /** Lazada packs nothing twice, whatever its reads show. */
  #pack(orderItemId: string): ElementResult<PackedItem> {
    const item = this.#items.find((one) => one.orderItemId === orderItemId);
    if (!item) throw new Error(`no item ${orderItemId}`);
    if (item.packageId) return { ok: false, failure: new Failure('not-ready', 'it is packed already', { code: '82' }) };
    item.packageId = `FP${orderItemId}`;
    item.trackingNumber = `TN${orderItemId}`;
    this.#move(item, 'packed', 0);
    return {
      ok: true,
      value: { orderItemId, packageId: item.packageId, trackingNumber: null, shipmentProvider: null },
    };
  }

  /** Intent, post, outcome: with a death in between, the intent stays as it is. */
  #report(stale: OwedReport, fate: Fate, takesMs: number): void {
    if (!this.startReport(stale, fate)) return;
    this.pass(takesMs);
    this.answerReports();
  }
  /** Up to the post: what came of it is written by `answerReports`. */
  startReport(stale: OwedStep, fate: Fate): boolean {
    const owed = this.owed().find((one) => one.step === stale.step && one.ref === stale.ref);
    if (!owed || !isReport(owed) || this.#locked) return false;
    const begun = beginAttempt(this.order, owed, this.now);
    if (!begun) return false;
    this.#commit(begun);
    const attempt = this.order.attempts.find((one) => one.packageRowId === owed.ref && isOpenAttempt(one));
    if (!attempt || fate === 'killed_before') return false;
    if (fate === 'ok' || fate === 'no_answer' || fate === 'killed_after') this.#accept(owed, fate === 'ok');
    const until = new Date(this.now.getTime() + 15 * SECOND);
    this.#inFlight.push({ attemptId: attempt.attemptId, owed, fate, until });
    return true;
  }
  /** Every answer is in hand now: it is written, or, while the host holds the rows, noted with its attempt. */
  answerReports(): void {
    const answered = this.#inFlight;
    this.#inFlight = [];
    for (const report of answered) {
      if (report.fate === 'killed_after' || report.fate === 'killed_before') continue;
      if (this.#locked && this.#forgets) continue;
      if (this.#locked) {
        this.#note(report);
        this.#inFlight.push({ ...report, until: FOREVER });
      } else this.#writeAnswer(report, report.fate);
    }
  }
  #note({ attemptId, fate }: InFlight): void {
    const outcome = fate === 'ok' ? ({ outcome: 'accepted', closedAt: this.now } as const) : {};
    const attempts = this.order.attempts.map((one) => (one.attemptId === attemptId ? { ...one, ...outcome } : one));
    this.order = { ...this.order, attempts };
  }
  #writeAnswer({ attemptId, owed }: InFlight, fate: keyof typeof OUTCOMES): void {
    this.#commit(endAttempt(this.order, attemptId, OUTCOMES[fate], this.now));
    if (fate !== 'refused' && fate !== 'no_connection') return;
    this.#failSoon(owed, new Failure('transient', fate, { code: fate }));
  }
  /** The host lets the rows go, reads are true again, and whatever was in hand is written. */
  calmDown(): void {
    this.#locked = false;
    this.reading = 'true';
    this.answerReports();
  }
  /** Whatever was in hand is lost. */
  dieAndRestart(): void {
    this.#inFlight = [];
  }
  /**
   * The SOF module acts per number, and what it takes for an old one moves no item any more: where it is not answered either,
   * it is as if it had never been.
   */
  #accept({ packageId, trackingNumber, step: status }: OwedReport, answered: boolean): void {
    const moved = this.#items.filter((one) => one.packageId === packageId && one.trackingNumber === trackingNumber);
    if (moved.length > 0 || answered)
      this.accepted = [...this.accepted, { packageId, trackingNumber, status, answered }];
    for (const item of moved) this.#move(item, status === 'not_delivered' ? 'failed' : status, this.#visibleAfter);
  }
  /** Lazada gives a package that has not ended another number, or its first one again. */
  renumber(which: number): void {
    const item = this.#items[which % this.#items.length];
    if (!item?.trackingNumber || this.#hasEnded(item)) return;
    this.accepted = this.accepted.filter((one) => one.packageId !== item.packageId || this.#isKnown(one));
    const first = `TN${item.orderItemId}`;
    item.trackingNumber = item.trackingNumber === first ? `${first}b` : first;
    this.#move(item, 'ready_to_ship', 0);
  }
  /** Lazada shows a package that got another number ready to ship again: what nobody knows of is undone with that. */
  #isKnown = ({ packageId, trackingNumber, status, answered }: Accepted): boolean => {
    const parcel = this.order.packages.find((one) => one.packageId === packageId);
    const ofIt = (one: Attempt) => one.packageRowId === parcel?.id && one.status === status;
    return (
      answered ||
      this.order.attempts.some(
        (one) => ofIt(one) && one.trackingNumber === trackingNumber && one.outcome === 'accepted',
      )
    );
  };
  #hasEnded = ({ history }: LazadaItem): boolean =>
    history.some(({ status }) => status === 'delivered' || status === 'failed') ||
    !history.some(({ status }) => status === 'ready_to_ship');

  #read(step: OwedStep, fate: Fate): void {
    if (fate === 'killed_before' || fate === 'killed_after') return;
    if (fate === 'ok') this.#commit(recordItems(this.order, this.#show(), this.now, this.now));
    else this.#failSoon(step, new Failure('transient', fate, { code: fate }));
  }

  #failSoon(step: OwedStep, failure: Failure): void {
    this.#fail(step, failure, { kind: 'retry', dueAt: new Date(this.now.getTime() + SECOND) });
  }
  #fail(step: OwedStep, failure: Failure, verdict: StepVerdict): void {
    const key =
      step.step === 'read_back'
        ? { step: step.of, ref: step.ref }
        : { step: step.step === 'settle' ? ('look' as const) : step.step, ref: step.ref };
    this.#commit(failStep(this.order, key, failure, verdict, this.now));
  }

  // The database
  #commit(change: Change | null, leaseMs = LEASE_MS): void {
    if (this.#locked) return;
    const numbered = change && { ...change, order: this.#withIds(change.order) };
    this.order = commit(this.order, numbered, { now: this.now, leaseMs }).order;
  }
  #withIds(order: Order): Order {
    const packages = order.packages.map((parcel) => (parcel.id === '' ? { ...parcel, id: `${++this.#ids}` } : parcel));
    const attempts = order.attempts.map((one) =>
      one.attemptId === '' ? { ...one, attemptId: `${++this.#ids}` } : one,
    );
    return { ...order, packages, attempts };
  }

  // Lazada
  #move(item: LazadaItem, status: string, visibleAfter: number): void {
    item.history.push({ at: new Date(this.now.getTime() + visibleAfter), status });
  }
  #show(): MarketplaceItem[] {
    if (this.reading === 'empty') return [];
    return this.#items.map((item) => ({
      orderItemId: item.orderItemId,
      status: this.reading === 'as_pending' ? 'pending' : this.#statusOf(item),
      packageId: this.reading === 'true' ? item.packageId : null,
      trackingNumber: this.reading === 'true' ? item.trackingNumber : null,
      shipmentProvider: null,
      updatedAt: this.now,
      shipBy: null,
      sof: true,
      digital: false,
      cancelPending: false,
    }));
  }

  #statusOf = ({ history }: LazadaItem): string => history.findLast(({ at }) => at <= this.now)?.status ?? 'pending';

  /** Something that we have seen once has not ended, as Lazada knows it. */
  isUnderWay(): boolean {
    return (
      Boolean(this.order.items?.length) && this.#items.some((item) => !/delivered|failed/.test(this.#statusOf(item)))
    );
  }

  hasOpenAttempt(): boolean {
    return this.order.attempts.some(isOpenAttempt);
  }
}

const answer = { httpStatus: null, answer: null, requestId: null };
const OUTCOMES: Record<'ok' | 'refused' | 'no_connection' | 'no_answer', ReportOutcome> = {
  ok: { ...answer, outcome: 'accepted' },
  refused: { ...answer, outcome: 'refused' },
  no_connection: { ...answer, outcome: 'void' },
  no_answer: { ...answer, outcome: 'unknown' },
};
