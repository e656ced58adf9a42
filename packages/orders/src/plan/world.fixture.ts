/**
 * A small world for the property test: an order in a database that writes as the real one does, a host that sets flags,
 * and a Lazada that shows what it accepted some seconds late. Everything is a value, time moves when the test says so.
 */

import { quiet } from '../model/change.ts';
import { Failure } from '../model/failure.ts';
import { after, anOrder, T0 } from '../model/order.fixture.ts';
import type { Change, EndStatus, Order, SentStatus } from '../model/order.ts';
import type { OwedReport, OwedStep } from '../model/owed.ts';
import type { MarketplaceItem, ReportOutcome } from '../model/ports.ts';
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

type Shown = { at: Date; status: string };
type LazadaItem = { orderItemId: string; packageId: string | null; trackingNumber: string | null; history: Shown[] };
export type Accepted = { packageId: string; trackingNumber: string; status: SentStatus; at: Date };

export class World {
  now = T0;
  order: Order = anOrder({ createdAt: after(-MINUTE) });
  readonly accepted: Accepted[] = [];
  readonly #items: LazadaItem[];
  /** Reads that have left and not come back. */
  readonly #reads: { readAt: Date; items: MarketplaceItem[] }[] = [];
  readonly #visibleAfter: number;
  #ids = 100;

  constructor({ items, visibleAfter }: { items: number; visibleAfter: number }) {
    this.#visibleAfter = visibleAfter;
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
  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
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
    else if ('trackingNumber' in step) this.#report(step, fate, takesMs);
    else if (step.step === 'settle') this.#commit(quiet(this.order));
    else if (step.step === 'invoice_fetch')
      this.#fail(step, new Failure('not-ready', 'no invoice', { code: 'missing' }), { kind: 'block' });
    else this.#read(step, fate);
  }

  #ship(step: OwedStep, fate: Fate): void {
    this.#read(step, fate === 'refused' ? 'ok' : fate);
    if (fate !== 'ok') return;
    const { toPack } = shippingWork(this.order);
    const results = toPack.map(
      (orderItemId) => [orderItemId, { ok: true as const, value: this.#pack(orderItemId) }] as const,
    );
    this.#commit(recordPacked(this.order, new Map(results), this.now));
    for (const packageId of shippingWork(this.order).toSetReady) {
      for (const item of this.#items.filter((one) => one.packageId === packageId)) this.#move(item, 'ready_to_ship', 0);
      this.#commit(recordReady(this.order, packageId, this.now));
    }
    this.#commit(shippingDone(this.order));
  }
  #pack(orderItemId: string) {
    const item = this.#items.find((one) => one.orderItemId === orderItemId);
    if (!item) throw new Error(`no item ${orderItemId}`);
    item.packageId = `FP${orderItemId}`;
    item.trackingNumber = `TN${orderItemId}`;
    this.#move(item, 'packed', 0);
    return { orderItemId, packageId: item.packageId, trackingNumber: null, shipmentProvider: null };
  }

  /** Intent, post, outcome: with a death in between, the intent stays as it is. */
  #report(stale: OwedReport, fate: Fate, takesMs: number): void {
    const owed = this.owed().find((one) => one.step === stale.step && one.ref === stale.ref) as OwedReport | undefined;
    if (!owed) return;
    const begun = beginAttempt(this.order, owed, this.now);
    if (!begun) return;
    this.#commit(begun);
    if (fate === 'killed_before') return;
    if (fate === 'ok' || fate === 'no_answer' || fate === 'killed_after') this.#accept(owed);
    this.pass(takesMs);
    if (fate === 'killed_after') return;
    this.#commit(endAttempt(this.order, owed, OUTCOMES[fate], this.now));
    if (fate === 'refused' || fate === 'no_connection') {
      this.#fail(owed, new Failure('transient', fate, { code: fate }), {
        kind: 'retry',
        dueAt: new Date(this.now.getTime() + SECOND),
      });
    }
  }
  #accept({ packageId, trackingNumber, step: status }: OwedReport): void {
    this.accepted.push({ packageId, trackingNumber, status, at: this.now });
    const shown = status === 'not_delivered' ? 'failed' : status;
    for (const item of this.#items.filter((one) => one.packageId === packageId))
      this.#move(item, shown, this.#visibleAfter);
  }

  #read(step: OwedStep, fate: Fate): void {
    if (fate === 'killed_before' || fate === 'killed_after') return;
    if (fate === 'ok') this.#commit(recordItems(this.order, this.#show(), this.now, this.now));
    else
      this.#fail(step, new Failure('transient', fate, { code: fate }), {
        kind: 'retry',
        dueAt: new Date(this.now.getTime() + SECOND),
      });
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
    return this.#items.map((item) => ({
      orderItemId: item.orderItemId,
      status: item.history.findLast(({ at }) => at <= this.now)?.status ?? 'pending',
      packageId: item.packageId,
      trackingNumber: item.trackingNumber,
      shipmentProvider: null,
      updatedAt: this.now,
      sof: true,
      digital: false,
      cancelPending: false,
    }));
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
