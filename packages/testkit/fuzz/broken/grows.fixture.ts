import fc from 'fast-check';
import { defineFuzz } from '../fuzz.ts';

const kept: Buffer[] = [];

export default defineFuzz<string>({
  known: [],
  inputs: fc.string(),
  holds: () => kept.push(Buffer.alloc(64 * 1024)),
});
