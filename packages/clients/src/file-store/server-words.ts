/** What servers tell in words alone, since their numbers mean ten things each. */

/** There is no space for the file: the disk, or what of it is the user's. */
export const tellsNoSpace = (words: string): boolean =>
  /quota|(no|not enough|insufficient|out of)( \w+)? space|space left|disk (is )?full|exceeded storage|storage (limit|allocation)|space limit/i.test(
    words,
  );
