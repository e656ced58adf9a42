/**
 * An import file, from its bytes to the orders that it names: read as a whole, then taken piece by piece, each piece one
 * transaction. Its row says how far it is, so whoever takes it up goes on where the last one was.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BegunImport, ImportLost, type ImportRuns, type Imports, type TakingPiece } from '@lazada-sof/db';
import { type ComingRow, Failure, SECOND } from '@lazada-sof/orders';
import type { JobContext, JobResult, Payload } from '@lazada-sof/queue';
import { oneLine } from '@lazada-sof/redact';
import { type ImportPiece, type ImportSource, type OpenedImport, openImport } from './import/index.ts';
import type { Outages } from './outages.ts';
import type { Turns } from './turns.ts';

export type ImportTools = {
  readonly chunks: Imports['chunks'];
  readonly runs: ImportRuns;
  /** So many imports run here at once. */
  readonly turns: Turns;
  readonly isPassing: (error: unknown) => boolean;
  readonly outages: Outages;
  /** Aborted as soon as the process is to end: an import is handed back at once and goes on elsewhere. */
  readonly closing: AbortSignal;
};

type Data = Payload<'import-file'>;
type Context = Pick<JobContext, 'signal' | 'attemptsMade'>;

/** A mistake of ours is tried so often, then the import has failed. */
const MOST_TRIES = 8;
/** Rows of orders that somebody holds may be so many before the file is read on. */
const MOST_WAITING = 5_000;

export function importFile(tools: ImportTools) {
  return async ({ importId }: Data, context: Context): Promise<JobResult> => {
    const letGo = tools.turns.take();
    if (!letGo) return snoozed(importId, 2 * SECOND, 'others run here; it is taken up after them');
    try {
      return await runImport(tools, importId, context);
    } catch (error) {
      return await ended(tools, importId, context, error);
    } finally {
      letGo();
    }
  };
}

async function runImport(tools: ImportTools, importId: string, context: Context): Promise<JobResult> {
  const file = await tools.runs.begin(importId);
  tools.outages.end();
  if (!file) return 'superseded';
  const run = new Run(tools, file, context);
  try {
    const reason = await run.takeAll();
    if (reason !== null) return await failed(tools, file, reason);
  } catch (error) {
    if (error instanceof Stopped) return failed(tools, file, run.stoppedWords());
    if (error instanceof ImportLost) return 'superseded';
    if (!mayPass(tools, context, error) && context.attemptsMade + 1 >= MOST_TRIES)
      await tools.runs.fail(file, oneLine(`a mistake of ours: ${wordsOf(error)}; import the file again`));
    throw error;
  }
  if (run.waiting.length > 0)
    return snoozed(importId, SECOND, `somebody else holds the orders of ${run.waiting.length} rows; tried again`);
  await tools.runs.finish(file);
  return 'done';
}

/** What was taken stays. */
class Stopped extends Error {}
/** The process closes. */
class Closing extends Error {}
/** A piece that holds its orders lets them go, and is taken once the piece before it is. */
class TakenLater extends Error {}

/** A piece at the database. `done`: it is written, and so few of its rows wait that the next may be taken. */
type Writing = { readonly orders: ReadonlySet<string>; readonly written: Promise<void>; readonly done: Promise<void> };

/** Nobody's orders are held longer while another piece is written. */
const LONGEST_HOLD = 2 * SECOND;

/** @throws TakenLater where it does not end in a while, and what it throws */
async function soon(written: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = sleep(LONGEST_HOLD, undefined, { signal: timer.signal }).then(() => {
    throw new TakenLater();
  });
  try {
    await Promise.race([written, late]);
  } finally {
    timer.abort();
  }
}

const nameOf = ({ account, orderNumber }: ComingRow): string => `${account}\0${orderNumber}`;

class Run {
  waiting: readonly ComingRow[];
  #line: number;
  #keptAt = Date.now();
  #writing: Writing = { orders: new Set(), written: Promise.resolve(), done: Promise.resolve() };
  readonly #tools: ImportTools;
  readonly #file: BegunImport;
  readonly #context: Context;

  constructor(tools: ImportTools, file: BegunImport, context: Context) {
    this.#tools = tools;
    this.#file = file;
    this.#context = context;
    this.waiting = file.waiting;
    this.#line = file.afterLine;
  }

  /** Null: all that can be taken is taken. Else why the file cannot be read. */
  async takeAll(): Promise<string | null> {
    this.#look(this.#file.isStopAsked);
    if (this.#file.isRead) {
      await this.#take({ rows: this.waiting, refused: [] });
      return null;
    }
    const opened = await this.#open();
    if (!opened.ok) return opened.reason;
    try {
      for await (const piece of oneAhead(opened.pieces(this.#file.afterLine))) await this.#takePiece(piece);
      await this.#writing.done;
    } finally {
      // Whatever happened: behind the end of a run nothing of it is written any more.
      await this.#writing.done.catch(() => undefined);
    }
    await this.#take({ rows: this.waiting, refused: [], isRead: true });
    return null;
  }

  stoppedWords(): string {
    return `it was stopped after line ${this.#line}; what was taken until then stays: import the file again to go on`;
  }

  async #open(): Promise<OpenedImport> {
    const { runs } = this.#tools;
    const world = { accounts: runs.accounts, now: this.#file.startedAt };
    const opened = await openImport(this.#source(), world);
    if (opened.ok) await runs.describe(this.#file, { ...opened.facts, refusedForm: opened.refusedForm });
    return opened;
  }

  /** Between two chunks is time to look up. */
  #source(): ImportSource {
    const { importId, bytes: size } = this.#file;
    const { chunks } = this.#tools;
    const lookUp = () => this.#lookUp();
    return {
      size,
      async *open() {
        for await (const chunk of chunks(importId)) {
          await lookUp();
          yield chunk;
        }
      },
    };
  }

  async #lookUp(): Promise<void> {
    this.#look(false);
    if (Date.now() - this.#keptAt < 5 * SECOND) return;
    this.#keptAt = Date.now();
    this.#look((await this.#tools.runs.keep(this.#file)).isStopAsked);
  }

  /** Written behind the piece before it. Meanwhile it is judged already, where neither is about an order of the other. */
  async #takePiece(piece: ImportPiece): Promise<void> {
    const coming = piece.accepted.map((row) => ({ ...row, cells: piece.cellsOf(row) }));
    const orders = new Set(coming.map(nameOf));
    const before = this.#writing;
    if ([...orders].some((order) => before.orders.has(order))) await before.done;
    const taking = { rows: coming, refused: piece.refused, afterLine: piece.lastLine };
    const written = this.#takeBehind(before, taking);
    const done = written.then(() => this.#takeThoseThatWait());
    // Whoever comes next hears of it.
    done.catch(() => undefined);
    this.#writing = { orders, written, done };
    await before.done;
  }

  async #takeBehind(before: Writing, piece: TakingPiece): Promise<void> {
    if (await this.#isTakenMeanwhile(before, piece)) return;
    await before.done;
    await this.#take({ ...piece, rows: [...this.waiting, ...piece.rows] });
  }

  /** False: it comes behind rows that wait, or the piece before takes long, and nobody's orders are held for that. */
  async #isTakenMeanwhile({ written }: Writing, piece: TakingPiece): Promise<boolean> {
    if (this.waiting.length > 0) return false;
    const behind = async () => {
      await soon(written);
      if (this.waiting.length > 0) throw new TakenLater();
    };
    try {
      await this.#take({ ...piece, behind });
      return true;
    } catch (error) {
      if (error instanceof TakenLater) return false;
      throw error;
    }
  }

  async #takeThoseThatWait(): Promise<void> {
    while (this.waiting.length >= MOST_WAITING) {
      await sleep(SECOND, undefined, { signal: AbortSignal.any([this.#tools.closing, this.#context.signal]) });
      await this.#take({ rows: this.waiting, refused: [] });
    }
  }

  async #take(piece: TakingPiece): Promise<void> {
    const { waiting, isStopAsked } = await this.#tools.runs.take(this.#file, piece);
    this.waiting = waiting;
    this.#line = piece.afterLine ?? this.#line;
    this.#keptAt = Date.now();
    this.#look(isStopAsked);
  }

  #look(isStopAsked: boolean): void {
    if (isStopAsked) throw new Stopped();
    if (this.#tools.closing.aborted || this.#context.signal.aborted) throw new Closing();
  }
}

/** The next piece is read while the database has this one. */
async function* oneAhead<Piece>(pieces: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  const read = () => {
    const next = pieces.next();
    // Whoever takes the piece hears of it; where nobody comes for it any more, nobody does.
    next.catch(() => undefined);
    return next;
  };
  let next = read();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done) return;
      next = read();
      yield value;
    }
  } finally {
    await pieces.return(undefined).catch(() => undefined);
  }
}

async function failed({ runs }: ImportTools, file: BegunImport, reason: string): Promise<JobResult> {
  await runs.fail(file, reason);
  // Whoever handed it in is told: a retry would change nothing.
  return { outcome: 'done', answer: { status: 'failed' } };
}

const mayPass = ({ closing, isPassing }: ImportTools, { signal }: Context, error: unknown): boolean =>
  closing.aborted || signal.aborted || isPassing(error);

async function ended(tools: ImportTools, importId: string, context: Context, error: unknown): Promise<JobResult> {
  const { closing, isPassing, outages } = tools;
  if (closing.aborted || context.signal.aborted) return snoozed(importId, 0, 'handed back, this process closes');
  if (!isPassing(error)) throw error;
  outages.begin(error);
  // A hand rests with it for a moment, so that an outage does not turn over all that waits in the queue.
  await sleep(SECOND, undefined, { signal: AbortSignal.any([closing, context.signal]) }).catch(() => undefined);
  const cause = new Failure('transient', wordsOf(error), { code: 'database_away', cause: error });
  return snoozed(importId, 5 * SECOND, `the database cannot be used (${wordsOf(error)}); tried again`, cause);
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const snoozed = (importId: string, delayMs: number, words: string, cause?: unknown): JobResult => ({
  outcome: 'snoozed',
  delayMs,
  reason: oneLine(`import ${importId}: ${words}`),
  cause,
});
