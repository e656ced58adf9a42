import { once } from 'node:events';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { defineFuzz } from '../fuzz.ts';

const server = createServer();

/** For something that never comes. */
export default defineFuzz<string>({
  known: ['comes', 'never'],
  inputs: fc.string(),
  async holds(text) {
    server.listen(0);
    await once(server, text === 'comes' ? 'listening' : 'connection');
    server.close();
  },
});
