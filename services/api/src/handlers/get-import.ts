import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noImport } from '../no-such.ts';
import { importId, importShape, mistakeShape, shownImport, shownMistake } from '../shapes/import.ts';

const SHOWN = 20;

export const getImport = endpoint({
  summary: 'Show how far an import is',
  params: importId,
  answers: {
    200: importShape.extend({
      mistakes: z.array(mistakeShape).describe(`The first ${SHOWN}; GET errors.csv has all of them.`),
    }),
  },
  async handle({ params: { id } }, { db: { imports } }) {
    const file = await imports.find(id);
    if (!file) throw noImport(id);
    for await (const first of imports.errors(file.importId))
      return answer(200, { ...shownImport(file), mistakes: first.slice(0, SHOWN).map(shownMistake) });
    return answer(200, { ...shownImport(file), mistakes: [] });
  },
});
