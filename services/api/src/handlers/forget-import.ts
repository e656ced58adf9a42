import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noImport } from '../no-such.ts';
import { importId } from '../shapes/import.ts';

export const forgetImport = endpoint({
  summary: 'Forget an import, and stop it where it runs',
  params: importId,
  answers: { 204: z.undefined().describe('It is gone; what was taken of it stays.') },
  async handle({ params: { id } }, { db }) {
    if (!(await db.imports.forget(id))) throw noImport(id);
    return answer(204, undefined);
  },
});
