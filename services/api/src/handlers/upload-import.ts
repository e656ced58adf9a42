import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { handOn } from '../upload/hand-on.ts';

/** Only stored here. A queue that is away takes nothing from it: the scheduler hands on what nobody did. */
export const uploadImport = endpoint({
  summary: 'Upload an import file, or try one out',
  query: z.strictObject({
    dryRun: z
      .enum(['true', 'false'], 'write true or false')
      .default('false')
      .describe('true: read and judged, with no effect; POST …/run makes it the real one.'),
  }),
  uploads: true,
  answers: { 202: z.object({ id: z.string() }).describe('It is stored; GET /v1/imports/{id} says how far it is.') },
  refusals: {
    400: 'The form ends in the middle.',
    408: 'It came more slowly than 64 KiB a second.',
    422: 'It is no form with one file named “file”, or the file has more than 1 GiB.',
  },
  async handle({ query, upload, asker, log }, { db, add }) {
    const file = await upload(({ fileName, bytes }) =>
      db.imports.store({
        ...{ fileName, bytes, source: 'api', dryRun: query.dryRun === 'true' },
        ...(asker && { by: asker.name }),
      }),
    );
    if (file.status !== 'duplicate') await handOn(file.importId, { add, log });
    return answer(202, { id: file.importId });
  },
});
