import fc from 'fast-check';
import { defineFuzz } from '../fuzz.ts';

export default defineFuzz<string>({ known: ['a', 'b'], inputs: fc.string(), holds: (text) => text.length });
