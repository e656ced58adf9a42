/** What DHL knows of parcels, and its manners: whose key it takes, and how often it lets itself be asked. */
import { SlidingSecond } from '../server/sliding-second.ts';

export const DHL_CODES = ['pre-transit', 'transit', 'delivered', 'failure', 'unknown'] as const;
export type DhlCode = (typeof DHL_CODES)[number];

export type DhlRules = {
  /** The only one that it takes; null: any. */
  key: string | null;
  /** By GMT. */
  perDay: number;
  perSecond: number;
  /** What a 429 says in `Retry-After`; null: nothing, as DHL does. */
  retryAfter: string | null;
};
/** The first level of service. */
const DEFAULT_RULES: DhlRules = { key: null, perDay: 250, perSecond: 1, retryAfter: null };

export class DhlDesk {
  rules: DhlRules = { ...DEFAULT_RULES };
  /** Somebody has made other rules than DHL's. */
  isScripted = false;
  readonly #answers = new Map<string, object>();
  readonly #today = new Map<string, number>();
  #second = new SlidingSecond();

  knows(number: string): object | undefined {
    return this.#answers.get(number);
  }

  /** From now on this is the answer to that number. */
  learn(number: string, answer: object): void {
    this.#answers.set(number, answer);
  }

  change(rules: { [Name in keyof DhlRules]?: DhlRules[Name] | undefined }): DhlRules {
    this.isScripted = true;
    return Object.assign(this.rules, rules);
  }

  /** Notes one call; false: it was one too many. */
  lets(at: number): boolean {
    const day = new Date(at).toISOString().slice(0, 10);
    const calls = (this.#today.get(day) ?? 0) + 1;
    this.#today.set(day, calls);
    return this.#second.note('', at) <= this.rules.perSecond && calls <= this.rules.perDay;
  }

  forgetCalls(): void {
    this.#today.clear();
    this.#second = new SlidingSecond();
  }

  reset(): void {
    this.forgetCalls();
    this.#answers.clear();
    this.rules = { ...DEFAULT_RULES };
    this.isScripted = false;
  }
}

/** An answer as small as it can be: one parcel in one state. */
export function smallAnswer(id: string, { statusCode, timestamp }: { statusCode: DhlCode; timestamp: string }): object {
  const status = { timestamp, statusCode, status: statusCode };
  return { shipments: [{ id, service: 'parcel-de', status, events: [status] }] };
}
