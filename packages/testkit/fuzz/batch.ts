/**
 * A batch of inputs in a process of its own, which is ended where it is at one input for too long. By its processor time, where
 * the machine tells it: one that waits its turn on a busy machine does not hang.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readStanding, type Standing } from './standing.ts';

const MEGABYTE = 1024 * 1024;
/** What is kept on purpose is kept before it is measured first; 10,000 inputs that leave 2 KB behind each are found. */
export const MOST_GROWTH = 16 * MEGABYTE;

export type Ask = {
  readonly file: string;
  readonly standing: string;
  readonly seed: number;
  readonly as: 'test' | 'fuzz';
  /** In place of the file's own. */
  readonly runs?: number | undefined;
  /** This one alone. */
  readonly input?: string | undefined;
};

export type Found =
  | { readonly is: 'fine'; readonly tried: number; readonly grown: number }
  | { readonly is: 'grows'; readonly tried: number; readonly grown: number }
  | ({ readonly is: 'broken'; readonly tried: number; readonly shown: string; readonly words: string } & AtInput)
  | ({ readonly is: 'hangs'; readonly tried: number } & AtInput)
  | ({ readonly is: 'died'; readonly tried: number; readonly words: string } & AtInput);
/** In base64, as `npm run fuzz -- NAME --input …` takes it. */
type AtInput = { readonly input: string };

export type Limits = { readonly processorMs: number; readonly wallMs: number };
/** The second is for who waits for something that never comes. */
const LIMITS: Limits = { processorMs: 5_000, wallMs: 60_000 };
const LOOK_MS = 200;

const PROGRAM = fileURLToPath(new URL('./batch.main.ts', import.meta.url));

export async function runBatch(ask: Omit<Ask, 'standing'>, limits: Limits = LIMITS): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'lazada-sof-fuzz-'));
  const standing = join(folder, 'standing');
  writeFileSync(standing, '');
  try {
    return await watched({ ...ask, standing }, limits);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function watched(ask: Ask, limits: Limits): Promise<Found> {
  // A stack overflow is to be one here where it is one in production, so no flag changes the size of the stack.
  const args = ['--expose-gc', '--max-old-space-size=512', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...args, PROGRAM, JSON.stringify(ask)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained, ended] = [text(child.stdout), text(child.stderr), once(child, 'close')];
  const isHanging = watch(child.pid ?? 0, ask.standing, limits);
  const look = setInterval(() => {
    if (isHanging()) child.kill('SIGKILL');
  }, LOOK_MS);
  await ended.finally(() => clearInterval(look));
  return (
    foundIn(await said) ?? {
      ...at(readStanding(ask.standing)),
      ...(isHanging() ? { is: 'hangs' } : { is: 'died', words: (await complained).slice(-4_000) }),
    }
  );
}

/** The last line: what is tried may write others. */
function foundIn(said: string): Found | null {
  const line = said.trimEnd().split('\n').at(-1) ?? '';
  return line.startsWith('{"is":') ? (JSON.parse(line) as Found) : null;
}

const at = (standing: Standing | null) => ({
  tried: standing?.tried ?? 0,
  input: standing?.input.toString('base64') ?? '',
});

/** Asked again and again: whether it has been at the same input for too long. Once it has, it stays so. */
function watch(pid: number, standing: string, { processorMs, wallMs }: Limits): () => boolean {
  let last = { tried: -1, processor: 0, wall: performance.now() };
  let isHanging = false;
  return () => {
    const tried = readStanding(standing)?.tried ?? -1;
    const [processor, wall] = [processorMsOf(pid), performance.now()];
    if (tried !== last.tried) last = { tried, processor: processor ?? 0, wall };
    const [spent, longest] =
      processor === null ? [wall - last.wall, processorMs] : [processor - last.processor, processorMs];
    isHanging ||= tried >= 0 && (spent > longest || wall - last.wall > wallMs);
    return isHanging;
  };
}

/** Null: nobody tells it here, or it has ended. In hundredths of a second, whatever the machine counts in itself. */
function processorMsOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}
