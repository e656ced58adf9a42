/** PDFs looked at by a process of its own, one after the other; one that is not done in time, or in its memory, is ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import pTimeout, { TimeoutError } from 'p-timeout';
import type { Answer, Joined, Look, Question } from './questions.ts';

export type { Joined, Look } from './questions.ts';
export type Paper = Iterable<Buffer> | AsyncIterable<Buffer>;

export type Checker = {
  /** Whatever goes wrong in it is the file's fault. @throws where the PDF does not arrive whole */
  look(pdf: Paper, question: Question): Promise<Look>;
  /** PDFs of these lengths, one behind the other, as a single one. */
  join(pdfs: Paper, sizes: readonly number[]): Promise<Joined>;
  close(): Promise<void>;
};

/** A page that is being printed waits for it, within a time of its own. */
const LONGEST_MS = 10_000;
/** For the whole check, with everything that Node itself takes; `check.main.ts` keeps below it. */
const MOST_MEGABYTES = 384;

export function openChecker({ longestMs = LONGEST_MS } = {}): Checker {
  const one = pLimit(1);
  let reader: Reader | undefined;

  async function end() {
    const ended = reader;
    reader = undefined;
    await ended?.kill();
  }

  function start(): Reader {
    const started = startReader();
    void started.ended.then(() => {
      if (reader === started) reader = undefined;
    });
    return started;
  }

  async function lookInside<Found>(pdf: Paper, question: Question): Promise<Found | Unread> {
    reader ??= start();
    try {
      const answer = await pTimeout(reader.ask<Found>(pdf, question), { milliseconds: longestMs });
      if (answer?.spent) await end();
      return answer?.look ?? (await failed(`reading it takes more than ${MOST_MEGABYTES} MB`));
    } catch (error) {
      if (error instanceof TimeoutError) return failed(`it was not read within ${longestMs / 1000} s`);
      await end();
      throw error;
    }
  }

  async function failed(reason: string): Promise<Unread> {
    await end();
    return { ok: false, reason };
  }

  return {
    look: (pdf, question) => one(() => lookInside<Look>(pdf, question)),
    join: (pdfs, sizes) => one(() => lookInside<Joined>(pdfs, { bytes: sum(sizes), readBack: false, join: sizes })),
    close: end,
  };
}

const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);

type Unread = { readonly ok: false; readonly reason: string };

type Reader = {
  /** Null: it ended in place of an answer. @throws where the PDF does not arrive whole */
  ask<Found>(pdf: Paper, question: Question): Promise<Answer<Found> | null>;
  kill(): Promise<void>;
  readonly ended: Promise<null>;
};

const PROGRAM = fileURLToPath(new URL('./check.main.ts', import.meta.url));
/** What is parsed lies in the heap, what is unpacked outside of it. */
const LIMITS = ['--max-old-space-size=160', '--max-semi-space-size=4'];

/** Behind the watch from within: the kernel's own limit, for whatever breaks out of the reading. */
const PRLIMIT = '/usr/bin/prlimit';
const MOST_DATA = 1024 ** 3;

function startReader(): Reader {
  const limited = existsSync(PRLIMIT) ? [PRLIMIT, '--core=0', `--data=${MOST_DATA}`, '--'] : [];
  const [file = '', ...args] = [...limited, process.execPath, ...LIMITS, PROGRAM];
  const child = spawn(file, args, { env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'close').then(() => null);
  // It may end before it has read all.
  child.stdin.on('error', () => undefined);
  return {
    ended,
    async ask<Found>(pdf: Paper, question: Question) {
      const answered = once(lines, 'line').then(([line]): Answer<Found> => JSON.parse(line));
      child.stdin.write(`${JSON.stringify(question)}\n`);
      await Promise.race([send(pdf, child.stdin), ended]);
      return Promise.race([answered, ended]);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function send(pdf: Paper, to: Writable): Promise<void> {
  for await (const piece of pdf) {
    if (!to.write(piece)) await once(to, 'drain').catch(() => undefined);
  }
}
