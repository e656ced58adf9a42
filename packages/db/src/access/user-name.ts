/** How a person may be called. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]{0,99}$/u;

/** What is wrong with it, in words; null: nothing. */
export const nameMistake = (name: string): string | null =>
  NAME.test(name) && name === name.normalize('NFC')
    ? null
    : 'must be 1 to 100 letters and digits, with . _ @ + - between them, and begin with a letter or digit';
