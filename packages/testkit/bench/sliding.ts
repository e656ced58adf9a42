const SECOND_MS = 1_000;

/** The most of these moments, in milliseconds and one after the other, that lie within any one second. */
export function mostInASecond(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [last, at] of times.entries()) {
    while ((times[first] ?? at) <= at - SECOND_MS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
