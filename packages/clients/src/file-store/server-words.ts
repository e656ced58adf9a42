/** What servers tell in words alone, since their numbers mean ten things each. */

const TOO_MANY =
  /too many|no more than|max(imum)? (number|amount)|max(imum)? \d+|\(the maximum\)|limit (reached|exceeded)|already (connected|logged in)/i;
const OF_LOGINS = /auth|password|attempt|fail/i;

/** The server has as many connections as it lets in (and is not tired of wrong passwords). */
export const tellsTooMany = (words: string): boolean => TOO_MANY.test(words) && !OF_LOGINS.test(words);

/** There is no space for the file: the disk, or what of it is the user's. */
export const tellsNoSpace = (words: string): boolean =>
  /quota|(no|not enough|insufficient|out of)( \w+)? space|space left|disk (is )?full|exceeded storage|storage (limit|allocation)|space limit/i.test(
    words,
  );
