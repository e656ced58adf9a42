/**
 * Which password a person may have: long enough, and none of those that are tried first. Nothing else is asked of it, no
 * signs and no capitals (NIST SP 800-63B). Whoever guesses tries common passwords, names, and what people make of them:
 * doubled, with a year behind, with 0 for o.
 */
/** What is wrong with it, in words that hold nothing of it; null: nothing. */
export type PasswordRule = (password: string, name: string) => string | null;

export const SHORTEST_PASSWORD = 12;
const LONGEST = 1_000;
/** Whoever guesses at all has tried so many. */
const TRIED_FIRST = 1e6;
/** How long one is looked at: what follows makes it no easier to guess, and looking costs more with each letter. */
const LOOKED_AT = 32;

/** The lists take a moment and some memory, so only who needs them loads them. */
export async function loadPasswordRule(): Promise<PasswordRule> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const guesser = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  return (password, name) => {
    const letters = [...password.normalize('NFKC')];
    if (letters.length < SHORTEST_PASSWORD)
      return `has ${letters.length} characters; at least ${SHORTEST_PASSWORD} are needed`;
    if (password.length > LONGEST) return `is longer than ${LONGEST} characters; take a shorter one`;
    if (/\p{Cc}/u.test(password)) return 'holds a line break or another control character; take it out';
    const { guesses } = guesser.check(lookedAt(letters).join(''), [name]);
    return guesses < TRIED_FIRST ? TOO_COMMON : null;
  };
}

/** What is said over and over is looked at as if it were said twice: cut off within a word, it would be no common one. */
function lookedAt(letters: readonly string[]): readonly string[] {
  for (let length = 1; length <= LOOKED_AT / 2 && 2 * length <= letters.length; length += 1)
    if (letters.every((letter, at) => letter === letters[at % length])) return letters.slice(0, 2 * length);
  return letters.slice(0, LOOKED_AT);
}

const TOO_COMMON =
  'is among the most common ones, or made of one of them or of the name; take some words that have nothing to do with one another';
