/** Waiting for rows that somebody else has locked, without holding a connection meanwhile: those are everybody's. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Half a second in all. */
const TRIES = 10;
const PAUSE_MS = 50;

/** Asks again while the answer is `busy`, and in the end gives that answer. */
export async function patiently<Answer>(
  work: () => Promise<Answer>,
  isBusy: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await work();
    if (!isBusy(answer) || tries === TRIES) return answer;
    await sleep(PAUSE_MS);
  }
}
