/** The time zones of a country, as this Node's calendar knows them. */

// TypeScript's library does not know it yet.
declare global {
  namespace Intl {
    interface Locale {
      getTimeZones(): string[] | undefined;
    }
  }
}

/** A carrier goes to some two hundred countries; one that writes something else each time must not fill the memory. */
const MOST_KNOWN = 300;
const known = new Map<string, readonly string[]>();

/** Empty for what is no country. */
export function zonesOf(country: string): readonly string[] {
  const answer = known.get(country) ?? lookUp(country);
  if (known.size < MOST_KNOWN) known.set(country, answer);
  return answer;
}

const lookUp = (country: string): readonly string[] =>
  /^[a-z]{2}$/i.test(country) ? (new Intl.Locale(`und-${country}`).getTimeZones() ?? []) : [];
