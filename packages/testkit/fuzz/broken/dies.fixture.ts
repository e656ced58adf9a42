import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { defineFuzz } from '../fuzz.ts';

/** An error of something to which nobody listens, once nobody waits. */
export default defineFuzz<string>({
  known: ['fine', 'odd', 'fine too'],
  inputs: fc.string(),
  async holds(text) {
    const stream = new EventEmitter();
    if (text === 'odd') process.nextTick(() => stream.emit('error', new Error('of a stream')));
    await setImmediate();
  },
});
