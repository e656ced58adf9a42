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
  /** Nobody wants to know any more: what was begun is ended, and waited for some seconds. */
  interrupted?: AbortSignal;
  leaveMs?: number;
};

/** Of what is not waited for any more after that. */
export const NOT_ENDED = 'not ended within some seconds';
const LEAVE_MS = 10_000;

/** The findings of each, in the order of the rooms, as soon as those before are known. */
export async function* lookInto(rooms: readonly Room[], told: Told = {}): AsyncGenerator<readonly Finding[]> {
  const { onWaiting } = told;
  const waiting = new Set(rooms.map(({ name }) => name));
  const looks = rooms.map((room) =>
    lookIntoOne(room, told).finally(() => {
      waiting.delete(room.name);
      onWaiting?.([...waiting]);
    }),
  );
  onWaiting?.([...waiting]);
  for (const look of looks) yield await look;
}

/** Never throws: what goes wrong is a finding. */
export async function lookIntoOne(
  { name, limitMs, fix, look }: Room,
  { interrupted, leaveMs = LEAVE_MS }: Told = {},
): Promise<readonly Finding[]> {
  const late = AbortSignal.timeout(limitMs);
  const given = Promise.withResolvers<never>();
  const tooLate = `no answer within ${limitMs / 1_000} s`;
  const giveUp = () => given.reject(new Error(tooLate));
  let leaving: NodeJS.Timeout | undefined;
  const leave = () => {
    leaving = setTimeout(() => given.reject(new Error(NOT_ENDED)), leaveMs);
  };
  late.addEventListener('abort', giveUp, { once: true });
  interrupted?.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([look(interrupted ? AbortSignal.any([late, interrupted]) : late), given.promise]);
  } catch (error) {
    return [red(name, late.aborted ? tooLate : wordsOf(error), fix)];
  } finally {
    late.removeEventListener('abort', giveUp);
    interrupted?.removeEventListener('abort', leave);
    clearTimeout(leaving);
  }
}

/** In one line: some drivers tell of their code too. */
function wordsOf(error: unknown): string {
  const words = explainDatabaseError(error) ?? (error instanceof Error ? error.message || error.name : String(error));
  return words.replace(/\s+/g, ' ').trim();
}
