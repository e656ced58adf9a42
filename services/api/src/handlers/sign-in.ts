import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { Problem } from '../problem.ts';

/** Name and password against a session cookie. Too many wrong ones in a row stop the user, whatever comes then. */
export const signIn = endpoint({
  summary: 'Sign in',
  body: z.strictObject({ user: z.string().min(1).max(100), password: z.string().min(1).max(1_000) }),
  answers: { 204: z.undefined().describe('Signed in; the cookie is set.') },
  async handle({ body, now }, { db, sessions }) {
    const signedIn = await db.access.signIn(body.user, body.password);
    if (!signedIn.ok) throw signedIn.reason === 'locked' ? locked(body.user, signedIn.until, now) : wrong();
    const session = await sessions.issue(signedIn.user, now);
    if (!session) throw wrong();
    return { ...answer(204, undefined), session };
  },
});

/** Which of the two is wrong is nobody's business. */
const wrong = () => new Problem(401, 'This user and password do not belong together.');

function locked(user: string, until: Date, now: Date): Problem {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1_000));
  const detail = `Too many wrong passwords for ${user}: try again after ${until.toISOString()}.`;
  return new Problem(429, detail, { headers: { 'retry-after': String(seconds) } });
}
