import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';

/** As a page's button sends it. Who has no session any more is signed out already. */
export const signOutForm = endpoint({
  summary: 'Sign out, as a form',
  answers: { 303: z.undefined().describe('Signed out; the way to the sign-in page.') },
  form: true,
  async handle({ cookie }, { sessions }) {
    await sessions.end(cookie);
    return { ...answer(303, undefined), session: null, location: '/sign-in' };
  },
});
