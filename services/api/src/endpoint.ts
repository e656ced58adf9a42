/** One call of the API: what goes in, what comes out, what it does. `routes.ts` says where it is served and to whom. */
import type { Logger } from '@lazada-sof/runtime';
import type { z } from 'zod';
import type { Asker } from './access.ts';
import type { Deps } from './deps.ts';
import type { FileAnswer, FileShape, StreamAnswer, StreamShape } from './file-answer.ts';
import type { TakeFile } from './upload/read-form.ts';

type Shape = z.ZodType;
/** By HTTP status. */
export type Answers = Readonly<Record<number, Shape | FileShape | StreamShape>>;
/** By HTTP status: when a caller gets this problem. */
export type Refusals = Readonly<Record<number, string>>;
type Parsed<S> = S extends Shape ? z.output<S> : undefined;

export type Input<Params = unknown, Query = unknown, Body = unknown> = {
  params: Params;
  query: Query;
  body: Body;
  /** Undefined only where the route is open to anybody. */
  asker: Asker | undefined;
  /** The cookie that came along, whoever made it. */
  cookie: string | undefined;
  /** From where it came. */
  ip: string;
  /** By which that is counted. */
  network: string;
  /** The file of a request that uploads one: handed to `take` as it comes. */
  upload: <T>(take: TakeFile<T>) => Promise<T>;
  /** Of a request with `Idempotency-Key`: the name under which its effect is written, the same when it is repeated. */
  effectId: string | undefined;
  now: Date;
  log: Logger;
};

export type Answer<A extends Answers> = {
  [Status in keyof A & number]: {
    status: Status;
    body: A[Status] extends Shape ? z.output<A[Status]> : A[Status] extends StreamShape ? StreamAnswer : FileAnswer;
    /** A signed-in person's cookie: set, or null to forget it. */
    session?: string | null;
    /** Where to go on, a path of this server. */
    location?: string;
  };
}[keyof A & number];

type Definition<P, Q, B, A extends Answers> = {
  /** One line for the API page. */
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  answers: A;
  /** Beside those that every call has. */
  refusals?: Refusals;
  idempotent?: true;
  /** Its body is a form with one file. */
  uploads?: true;
  /** A browser may send it as a form. */
  form?: true;
  handle(input: Input<Parsed<P>, Parsed<Q>, Parsed<B>>, deps: Deps): Promise<Answer<A>>;
};

/** An endpoint whose own types nobody outside needs to know. */
export type Endpoint = {
  summary: string;
  params?: Shape;
  query?: Shape;
  body?: Shape;
  answers: Answers;
  refusals?: Refusals;
  /** Takes `Idempotency-Key`: repeated, it has one effect, which it writes under `effectId`. */
  idempotent?: true;
  /** Its body is a form with one file, read by nobody before the call asks for it. */
  uploads?: true;
  /** A browser may send it as a form. */
  form?: true;
  handle(
    input: Input,
    deps: Deps,
  ): Promise<{ status: number; body: unknown; session?: string | null; location?: string }>;
};

/** Ties the handler's types to the shapes. The server parses with the same shapes, so widening them afterwards is sound. */
export const endpoint = <
  A extends Answers,
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(
  definition: Definition<P, Q, B, A>,
): Endpoint => definition as unknown as Endpoint;

/** What a handler returns; the status stays the number it is, so that the compiler can match the body to it. */
export const answer = <Status extends number, Body>(status: Status, body: Body) => ({ status, body });
