/** Which letters no font had: a PDF shows that there are some, and a sheet with each of them behind its number which. */

/** At most so many are named, in the order of their numbers, in which no name of a buyer can be read. */
const MOST_NAMED = 20;

export function sheetOf(letters: readonly string[]): string {
  const lines = letters.map((letter) => `<p dir="ltr">${numbered(letter)}${escaped(letter)}</p>`);
  return `<!doctype html><meta charset="utf-8">${lines.join('')}`;
}

/** From what is drawn before each gap of the sheet. */
export function missingLetters(letters: readonly string[], gaps: readonly string[]): string[] {
  const byNumber = new Map(letters.map((letter) => [numbered(letter), letter]));
  const numbers = gaps.map((before) => before.match(/(?:U\+[0-9A-F]{4,6}\.)+:/g)?.at(-1) ?? '');
  const missing = new Set(numbers.map((number) => byNumber.get(number)).filter((letter) => letter !== undefined));
  return [...missing].toSorted((one, other) => (numbered(one) < numbered(other) ? -1 : 1));
}

export function inWords(missing: readonly string[]): string {
  if (missing.length === 0) return 'letters that no font has';
  const named = missing.slice(0, MOST_NAMED).map((letter) => `${numbersOf(letter).join(' ')} (${letter})`);
  const more = missing.length - named.length;
  return `letters that no font has: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const numbersOf = (letter: string): string[] =>
  [...letter].map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);

/** `U+0E1B.U+0E31.:`, in which nothing can be taken for a part of the letter. */
const numbered = (letter: string): string =>
  `${numbersOf(letter)
    .map((number) => `${number}.`)
    .join('')}:`;

const escaped = (letter: string): string => letter.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
