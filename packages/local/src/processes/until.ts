import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again every 50 ms until `check` answers something, at most so long. @throws Error that says what did not happen */
export async function until<Answer>(
  check: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  { what, withinMs }: { what: string; withinMs: number },
): Promise<Answer> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await check();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await sleep(50);
  }
}
