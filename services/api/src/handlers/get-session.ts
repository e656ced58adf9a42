import { ROLES } from '@lazada-sof/db';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { Problem } from '../problem.ts';

export const getSession = endpoint({
  summary: 'Who is signed in',
  answers: { 200: z.object({ user: z.string(), role: z.enum(ROLES) }) },
  async handle({ asker }) {
    if (asker?.kind !== 'person') throw new Problem(401, 'Nobody is signed in.');
    return answer(200, { user: asker.name, role: asker.role });
  },
});
