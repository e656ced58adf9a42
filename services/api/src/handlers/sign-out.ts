import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';

/** The session ends on the server: whoever kept the cookie has nothing. */
export const signOut = endpoint({
  summary: 'Sign out',
  answers: { 204: z.undefined().describe('Signed out; the session has ended, the cookie is taken away.') },
  async handle({ cookie }, { sessions }) {
    await sessions.end(cookie);
    return { ...answer(204, undefined), session: null };
  },
});
