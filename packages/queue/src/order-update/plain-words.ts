/** A stranger's words as people read them: nothing in them steers a terminal. */
export const inPlainWords = (words: string): string => words.replace(/\p{Cc}/gu, ' ');
