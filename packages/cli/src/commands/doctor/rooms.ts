/** Looks into everything at once; what is down, or slow, hides nothing of the others. */
import { explainDatabaseError } from '@lazada-sof/db';
import { type Finding, red } from './finding.ts';

/** One thing that is looked into. */
export type Room = {
  readonly name: string;
  /** Longer than that nobody waits for it. */
  readonly limitMs: number;
  /** What to do where it cannot even be looked into. */
  readonly fix: string;
  look(signal: AbortSignal): Promise<readonly Finding[]>;
};

type Told = {
  /** The names of those that are not done yet. */
  onWaiting?: (names: readonly string[]) => void;
};

/** The findings of each, in the order of the rooms, as soon as those before are known. */
export async function* lookInto(rooms: readonly Room[], { onWaiting }: Told = {}): AsyncGenerator<readonly Finding[]> {
  const waiting = new Set(rooms.map(({ name }) => name));
  const looks = rooms.map((room) =>
    lookIntoOne(room).finally(() => {
      waiting.delete(room.name);
      onWaiting?.([...waiting]);
    }),
  );
  onWaiting?.([...waiting]);
  for (const look of looks) yield await look;
}

/** Never throws: what goes wrong is a finding. */
export async function lookIntoOne({ name, limitMs, fix, look }: Room): Promise<readonly Finding[]> {
  const late = AbortSignal.timeout(limitMs);
  const given = Promise.withResolvers<never>();
  const giveUp = () => given.reject(new Error(`no answer within ${limitMs / 1_000} s`));
  late.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([look(late), given.promise]);
  } catch (error) {
    return [red(name, late.aborted ? `no answer within ${limitMs / 1_000} s` : wordsOf(error), fix)];
  } finally {
    late.removeEventListener('abort', giveUp);
  }
}

/** In one line: some drivers tell of their code too. */
function wordsOf(error: unknown): string {
  const words = explainDatabaseError(error) ?? (error instanceof Error ? error.message || error.name : String(error));
  return words.replace(/\s+/g, ' ').trim();
}
