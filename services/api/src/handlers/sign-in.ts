import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { pathHere } from '../gate/path-here.ts';
import { Problem, tryAgain } from '../problem.ts';

/** Name and password against a session cookie. Too many wrong ones in a row from one address stop that name from there. */
export const signIn = endpoint({
  summary: 'Sign in',
  body: z.strictObject({
    user: z.string().min(1).max(100),
    password: z.string().min(1).max(1_000),
    next: z.string().max(8_000).optional().describe('A path of this server, to go on at. A form that has none: /.'),
  }),
  answers: {
    204: z.undefined().describe('Signed in; the cookie is set.'),
    303: z.undefined().describe('The same, of a form or with `next`: where to go on.'),
  },
  refusals: {
    401: 'User and password do not belong together.',
    503: 'Too many people sign in at this moment; nothing was looked at.',
  },
  form: true,
  async handle({ body, now, ip, network, log }, { db, sessions }) {
    const { cookie, session } = sessions.prepare(now);
    const signedIn = await db.access.signIn(body.user, body.password, { network, opens: session });
    if (signedIn.ok && body.next !== undefined)
      return { ...answer(303, undefined), session: cookie, location: pathHere(body.next) };
    if (signedIn.ok) return { ...answer(204, undefined), session: cookie };
    log.warn('a sign-in failed', { user: body.user, ip, reason: signedIn.reason });
    if (signedIn.reason === 'busy') throw tryAgain('Too many people sign in at this moment: try again in a second.');
    throw signedIn.reason === 'locked' ? locked(body.user, signedIn.until, now) : wrong();
  },
});

/** Which of the two is wrong is nobody's business. */
const wrong = () => new Problem(401, 'This user and password do not belong together.');

function locked(user: string, until: Date, now: Date): Problem {
  const seconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1_000));
  const detail = `Too many wrong passwords for ${user} from your address; try again after ${until.toISOString()}.`;
  return new Problem(429, detail, { headers: { 'retry-after': String(seconds) } });
}
