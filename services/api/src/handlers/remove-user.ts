import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noUser } from '../no-such.ts';
import { lastAdmin, userName } from '../shapes/user.ts';

export const removeUser = endpoint({
  summary: 'Remove a person, and end their sessions',
  params: userName,
  answers: { 204: z.undefined().describe('Removed; all of their sessions have ended.') },
  refusals: { 409: 'It is the last administrator, whom nobody removes.' },
  async handle({ params: { name } }, { db }) {
    const removed = await db.access.removeUser(name);
    if (removed === 'unknown') throw noUser(name);
    if (removed === 'last-admin') throw lastAdmin(name);
    return answer(204, undefined);
  },
});
