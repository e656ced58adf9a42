import { answer, endpoint } from '../endpoint.ts';
import { noUser } from '../no-such.ts';
import { explainRefused, lastAdmin, userChange, userName, userShape } from '../shapes/user.ts';

/** A new role counts at the person's next request, a new password ends all of their sessions. */
export const changeUser = endpoint({
  summary: 'Change role or password of a person',
  params: userName,
  body: userChange,
  answers: { 200: userShape },
  refusals: { 409: 'It is the last administrator, whose role nobody takes.' },
  async handle({ params: { name }, body }, { db }) {
    const changed = await db.access.changeUser(name, body).catch(explainRefused);
    if (changed === 'unknown') throw noUser(name);
    if (changed === 'last-admin') throw lastAdmin(name);
    return answer(200, changed);
  },
});
