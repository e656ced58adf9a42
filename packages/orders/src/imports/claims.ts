/**
 * What the rows of one file say of the same order or package, so that contradictions are found whatever lies between them.
 * A million rows are 24 bytes each: an order is remembered by 64 bits of a hash, what is said of it by a number. Rows without
 * a package speak of the whole order, and so of every package of it.
 */
import type { ImportColumn } from './columns.ts';
import type { ImportRow, Mistake } from './judge-row.ts';
import { ROW_REFUSALS, shown } from './refusals.ts';

const SEGMENT = 1 << 16;
type Segment = {
  /** Two halves of the hash of account and order. */
  readonly orders: Uint32Array;
  /** Hash of the package; 0: the whole order. */
  readonly targets: Uint32Array;
  /** What is said, in one number: the same number says the same. */
  readonly sayings: Float64Array;
  readonly lines: Uint32Array;
};

const newSegment = (): Segment => ({
  orders: new Uint32Array(2 * SEGMENT),
  targets: new Uint32Array(SEGMENT),
  sayings: new Float64Array(SEGMENT),
  lines: new Uint32Array(SEGMENT),
});

/** The kinds of sayings; of one kind only one can be true of a package. */
const STATUSES = ['delivered', 'not_delivered', 'withdraw', 'shipped', 'ready_to_ship'] as const;
const NUMBER = STATUSES.length;
const KINDS = 8;
const SLOT = ['end', 'end', 'end', 'shipped', 'ready_to_ship', 'number'] as const;
const SLOTS = ['end', 'shipped', 'ready_to_ship', 'number'] as const;

/** About so many claims are sorted at a time. */
const BUCKET = 512;
const BUCKETS_PER_BREATH = 64;

export class Claims {
  readonly #segments: Segment[] = [];
  #count = 0;
  /** By claim: the index of one that contradicts it, plus one. Empty while nothing does. */
  #others = new Uint32Array(0);

  get count(): number {
    return this.#count;
  }

  /** Rows come in the order of their lines. */
  add({ line, account, orderNumber, update }: ImportRow): void {
    const { status, occurredAt, packageId, trackingNumber, carrierTrackingNumber } = update;
    const order = hash64(`${account}\0${orderNumber}`);
    const target = targetOf(packageId, trackingNumber);
    if (status !== undefined)
      this.#claim(line, order, target, (occurredAt?.getTime() ?? 0) * KINDS + STATUSES.indexOf(status));
    if (carrierTrackingNumber !== undefined)
      this.#claim(line, order, target, bits48(hash64(carrierTrackingNumber)) * KINDS + NUMBER);
  }

  /** Finds what contradicts what. Takes a breath now and then, so that whoever runs it can let others go. */
  *settle(): Generator<void, void> {
    const bits = Math.max(0, Math.ceil(Math.log2(this.#count / BUCKET)));
    const { order, ends } = yield* this.#byBucket(bits);
    let from = 0;
    for (const [bucket, end] of ends.entries()) {
      if (end - from > 1) yield* this.#settleBucket(order.subarray(from, end));
      from = end;
      if (bucket % BUCKETS_PER_BREATH === 0) yield;
    }
  }

  /**
   * Why a row that was added cannot be taken, after `settle`; undefined: nothing contradicts it. `written`: what stands in
   * its cells, since of other rows no text is kept.
   */
  mistakeOf({ line }: ImportRow, written: (column: ImportColumn) => string): Mistake | undefined {
    if (this.#others.length === 0) return undefined;
    for (let claim = this.#firstOf(line); claim < this.#count && this.#line(claim) === line; claim += 1) {
      const other = this.#others[claim] ?? 0;
      if (other === 0) continue;
      const { field, reason } = this.#contradiction(claim, other - 1);
      return { field, value: shown(written(field)), reason };
    }
    return undefined;
  }

  #contradiction(claim: number, other: number): { readonly field: ImportColumn; readonly reason: string } {
    const line = this.#line(other);
    const said = kindOf(this.#saying(other));
    if (said === NUMBER) return { field: 'carrier_tracking_number', reason: ROW_REFUSALS.otherNumber(line) };
    if (said !== kindOf(this.#saying(claim)))
      return { field: 'status', reason: ROW_REFUSALS.otherEnd(line, STATUSES[said] ?? '') };
    return { field: 'occurred_at', reason: ROW_REFUSALS.otherTime(line) };
  }

  #claim(line: number, [high, low]: Hash, target: number, saying: number): void {
    const place = this.#count % SEGMENT;
    if (place === 0) this.#segments.push(newSegment());
    const segment = this.#segmentOf(this.#count);
    segment.orders[2 * place] = high;
    segment.orders[2 * place + 1] = low;
    segment.targets[place] = target;
    segment.sayings[place] = saying;
    segment.lines[place] = line;
    this.#count += 1;
  }

  /** The claims' indexes, those of one order in one bucket. */
  *#byBucket(bits: number): Generator<void, { readonly order: Uint32Array; readonly ends: Uint32Array }> {
    const bucketOf = (claim: number) => (bits === 0 ? 0 : this.#high(claim) >>> (32 - bits));
    const ends = new Uint32Array(1 << bits);
    for (let claim = 0; claim < this.#count; claim += 1) {
      if (claim % SEGMENT === 0) yield;
      ends[bucketOf(claim)] = (ends[bucketOf(claim)] ?? 0) + 1;
    }
    let sum = 0;
    for (const [bucket, size] of ends.entries()) {
      ends[bucket] = sum;
      sum += size;
    }
    const order = new Uint32Array(this.#count);
    for (let claim = 0; claim < this.#count; claim += 1) {
      if (claim % SEGMENT === 0) yield;
      const bucket = bucketOf(claim);
      const at = ends[bucket] ?? 0;
      order[at] = claim;
      ends[bucket] = at + 1;
    }
    return { order, ends };
  }

  *#settleBucket(claims: Uint32Array): Generator<void, void> {
    const first = claims[0] ?? 0;
    // A file may speak of one order alone, and then all that there is stands in one bucket.
    if (!claims.every((claim) => this.#isSameOrder(first, claim)))
      claims.sort((a, b) => this.#high(a) - this.#high(b) || this.#low(a) - this.#low(b) || a - b);
    let from = 0;
    for (let to = 1; to <= claims.length; to += 1) {
      if (to < claims.length && this.#isSameOrder(claims[from] ?? 0, claims[to] ?? 0)) continue;
      if (to - from > 1) yield* this.#settleOrder(claims.subarray(from, to));
      from = to;
    }
  }

  *#settleOrder(claims: Uint32Array): Generator<void, void> {
    for (const slot of SLOTS) {
      const ours = claims.filter((claim) => SLOT[kindOf(this.#saying(claim))] === slot);
      if (ours.length > 1) yield* this.#settleSlot(ours);
    }
  }

  *#settleSlot(claims: Uint32Array): Generator<void, void> {
    const all = new Witnesses();
    const whole = new Witnesses();
    const byTarget = new Map<number, Witnesses>();
    for (const [index, claim] of claims.entries()) {
      if (index > 0 && index % SEGMENT === 0) yield;
      const saying = this.#saying(claim);
      const target = this.#target(claim);
      all.hear(claim, saying);
      if (target === 0) whole.hear(claim, saying);
      else byTarget.set(target, (byTarget.get(target) ?? new Witnesses()).hear(claim, saying));
    }
    for (const [index, claim] of claims.entries()) {
      if (index > 0 && index % SEGMENT === 0) yield;
      const saying = this.#saying(claim);
      const target = this.#target(claim);
      const other =
        target === 0 ? all.against(saying) : (byTarget.get(target)?.against(saying) ?? whole.against(saying));
      if (other !== undefined) this.#contradict(claim, other);
    }
  }

  #contradict(claim: number, other: number): void {
    if (this.#others.length === 0) this.#others = new Uint32Array(this.#count);
    this.#others[claim] = other + 1;
  }

  #firstOf(line: number): number {
    let before = -1;
    let after = this.#count;
    while (after - before > 1) {
      const middle = (before + after) >>> 1;
      if (this.#line(middle) >= line) after = middle;
      else before = middle;
    }
    return after;
  }

  #isSameOrder(a: number, b: number): boolean {
    return this.#high(a) === this.#high(b) && this.#low(a) === this.#low(b);
  }

  #segmentOf(claim: number): Segment {
    const segment = this.#segments[Math.floor(claim / SEGMENT)];
    if (!segment) throw new Error(`there is no claim ${claim}`);
    return segment;
  }
  #high = (claim: number): number => this.#segmentOf(claim).orders[2 * (claim % SEGMENT)] ?? 0;
  #low = (claim: number): number => this.#segmentOf(claim).orders[2 * (claim % SEGMENT) + 1] ?? 0;
  #target = (claim: number): number => this.#segmentOf(claim).targets[claim % SEGMENT] ?? 0;
  #saying = (claim: number): number => this.#segmentOf(claim).sayings[claim % SEGMENT] ?? 0;
  #line = (claim: number): number => this.#segmentOf(claim).lines[claim % SEGMENT] ?? 0;
}

const kindOf = (saying: number): number => saying % KINDS;

/** Two that disagree are enough to find one against any third. */
class Witnesses {
  #first: { readonly claim: number; readonly saying: number } | undefined;
  #second: { readonly claim: number; readonly saying: number } | undefined;

  hear(claim: number, saying: number): this {
    if (!this.#first) this.#first = { claim, saying };
    else if (!this.#second && this.#first.saying !== saying) this.#second = { claim, saying };
    return this;
  }

  against(saying: number): number | undefined {
    return this.#first && this.#first.saying !== saying ? this.#first.claim : this.#second?.claim;
  }
}

/** By Lazada's id, else by its tracking number; which of them are one package, nobody knows from the file. */
function targetOf(packageId: string | undefined, trackingNumber: string | undefined): number {
  if (packageId === undefined && trackingNumber === undefined) return 0;
  const [high] = hash64(packageId === undefined ? `t\0${trackingNumber}` : `p\0${packageId}`);
  return high === 0 ? 1 : high;
}

const { imul } = Math;
type Hash = readonly [high: number, low: number];

/** Two different multiplicative hashes side by side: among a million orders two alike are as good as impossible. */
function hash64(text: string): Hash {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = imul(high ^ code, 2654435761);
    low = imul(low ^ code, 1597334677);
  }
  const mixedHigh = imul(high ^ (high >>> 16), 2246822507) ^ imul(low ^ (low >>> 13), 3266489909);
  const mixedLow = imul(low ^ (low >>> 16), 2246822507) ^ imul(mixedHigh ^ (mixedHigh >>> 13), 3266489909);
  return [mixedHigh >>> 0, mixedLow >>> 0];
}

const bits48 = ([high, low]: Hash): number => (high & 0xffff) * 2 ** 32 + low;
