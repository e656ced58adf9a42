import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';

export const signOut = endpoint({
  summary: 'Sign out',
  answers: { 204: z.undefined().describe('Signed out; the cookie is taken away.') },
  async handle() {
    return { ...answer(204, undefined), session: null };
  },
});
