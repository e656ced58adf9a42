import { answer, endpoint } from '../endpoint.ts';
import { pageOf } from '../shapes/common.ts';
import { userShape } from '../shapes/user.ts';

/** All of them on one page. */
export const listUsers = endpoint({
  summary: 'List people',
  answers: { 200: pageOf(userShape) },
  async handle(_input, { db }) {
    return answer(200, { items: await db.access.listUsers(), nextCursor: null });
  },
});
