/** The switchboard: what goes wrong on the way, for which calls, and how often. */
import { z } from 'zod';
import { type Answer, APIS, type Call } from './call.ts';
import { ECHOES } from './echo.ts';

const MOST_BYTES = 1024 ** 3;

/** What `POST /faults` takes. All that is named must fit the call; the oldest fault that fits is taken. */
export const FaultSchema = z
  .strictObject({
    api: z.enum([...APIS, '*']).default('*'),
    /** The call's name: `/order/fulfill/pack`, `sof/status`. */
    path: z.string().optional(),
    /** Seller id. */
    account: z.string().optional(),
    /** Some text of the request: an order, item or tracking number, a status. */
    match: z.string().optional(),
    /** For so many calls; absent: until it is deleted. */
    times: z.int().positive().optional(),
    /** So many fitting calls get through first. */
    skip: z.int().nonnegative().default(0),
    /** Share of the fitting calls that it hits, 0 to 1. */
    share: z.number().gt(0).max(1).default(1),
    status: z.int().min(200).max(599).optional(),
    /** Text, or any JSON. */
    body: z.unknown().optional(),
    bodyBase64: z.base64().optional(),
    /** The answer says back what it was sent, and what is known of the account and its buyers, in that notation. */
    echo: z.enum(ECHOES).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** The answer's body is filled up to so many bytes. */
    size: z.int().positive().max(MOST_BYTES).optional(),
    delayMs: z.int().positive().max(3_600_000).optional(),
    bytesPerSecond: z.int().positive().optional(),
    /**
     * `before`: the connection is reset and nothing was done. `after`: it was done, then reset without an answer.
     * `half`: it was done, then reset in the middle of the answer.
     */
    drop: z.enum(['before', 'after', 'half']).optional(),
    /** True: the call is done although `status`, `body` or `size` answer in its place. */
    processed: z.boolean().default(false),
  })
  .refine((fault) => fault.drop || fault.delayMs || fault.bytesPerSecond || fault.headers || replaces(fault), {
    message: 'says nothing of what goes wrong: give status, body, echo, size, delayMs, bytesPerSecond, headers or drop',
  });

type AnswerOverride = { [Field in 'status' | 'body' | 'bodyBase64' | 'echo' | 'size']?: unknown };
export type Fault = z.infer<typeof FaultSchema> & { readonly id: number; hits: number };

/** True where the fault's own answer goes out instead of Lazada's. */
export function replaces(fault: AnswerOverride): boolean {
  const { status, body, bodyBase64, echo, size } = fault;
  return [status, body, bodyBase64, echo, size].some((given) => given !== undefined);
}

export class Faults {
  #faults: Fault[] = [];
  #next = 1;
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  add(given: z.infer<typeof FaultSchema>): Fault {
    const fault = { ...given, id: this.#next++, hits: 0 };
    this.#faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  /** Takes one away, or all. */
  remove(id?: number): void {
    this.#faults = id === undefined ? [] : this.#faults.filter((fault) => fault.id !== id);
  }

  /** The fault that hits this call, used up by one. */
  take(call: Call): Fault | undefined {
    for (const fault of this.#faults) {
      if (!fits(fault, call) || isUsedUp(fault)) continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      if (fault.share < 1 && this.#random() >= fault.share) continue;
      fault.hits += 1;
      return fault;
    }
    return undefined;
  }
}

function isUsedUp({ times, hits }: Fault): boolean {
  return times !== undefined && hits >= times;
}

function fits(fault: Fault, call: Call): boolean {
  return (
    (fault.api === '*' || fault.api === call.api) &&
    (!fault.path || fault.path === call.name) &&
    (!fault.account || fault.account === call.account) &&
    (!fault.match || textOf(call).includes(fault.match))
  );
}

function textOf(call: Call): string {
  return `${[...call.query.values()].join(' ')} ${call.body} ${[...new URLSearchParams(call.body).values()].join(' ')}`;
}

/** What goes out in place of Lazada's answer. */
export function faultAnswer(fault: Fault): Answer {
  const { body, bodyBase64, status = 200 } = fault;
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  return { status, headers: { 'content-type': type, ...fault.headers }, body: bytesOf(body, bodyBase64) };
}

function bytesOf(body: unknown, bodyBase64: string | undefined): string | Buffer {
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64');
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
