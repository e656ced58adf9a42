/** Time zones, as this Node knows them. */
const known = new Map<string, boolean>();
/** An installation has a handful; a host that writes something else each time must not fill the memory. */
const MOST_KNOWN = 1_000;

/** Remembered: it is asked of the account of every order that is read. */
export function isTimezone(name: string): boolean {
  const answer = known.get(name) ?? looksUp(name);
  if (known.size < MOST_KNOWN) known.set(name, answer);
  return answer;
}

function looksUp(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}
