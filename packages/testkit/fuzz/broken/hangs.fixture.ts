import fc from 'fast-check';
import { defineFuzz } from '../fuzz.ts';

/** A pattern that walks back and forth, as one does on a text that nobody thought of. */
export default defineFuzz<string>({
  known: ['aaaa!', `${'a'.repeat(64)}!`],
  inputs: fc.string(),
  holds: (text) => /^(a+)+$/.test(text),
});
