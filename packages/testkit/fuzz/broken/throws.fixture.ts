import fc from 'fast-check';
import { defineFuzz } from '../fuzz.ts';

export default defineFuzz<string>({
  known: [],
  inputs: fc.string({ unit: fc.constantFrom('a', 'b', '!') }),
  holds(text) {
    if (text.includes('!')) throw new TypeError('not foreseen');
  },
});
