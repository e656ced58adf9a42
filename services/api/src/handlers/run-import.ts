import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noImport, removed } from '../no-such.ts';
import { Problem } from '../problem.ts';
import { importId } from '../shapes/import.ts';
import { handOn } from '../upload/hand-on.ts';

export const runImport = endpoint({
  summary: 'Make a dry run the real import',
  params: importId,
  answers: { 202: z.object({ id: z.string() }).describe('It is taken now, without a second upload.') },
  refusals: {
    409: 'It is no dry run, or one that is not over yet.',
    410: 'Its file was removed, since it had been kept long enough.',
  },
  async handle({ params: { id }, log }, { db, add }) {
    const asked = await db.imports.runForReal(id);
    if (asked.is === 'gone') throw noImport(id);
    if (asked.is === 'removed') throw removed(asked.file, 'send the file again');
    if (asked.is === 'not_checked') throw notChecked(asked.file);
    if (asked.file.status !== 'duplicate') await handOn(asked.file.importId, { add, log });
    return answer(202, { id: asked.file.importId });
  },
});

const notChecked = ({ importId: id, status, dryRun }: { importId: string; status: string; dryRun: boolean }) =>
  new Problem(
    409,
    dryRun && status !== 'failed'
      ? `The dry run ${id} is not over yet: ask again once its status is checked.`
      : `Import ${id} is ${status} and no dry run that is over; only one whose status is checked can be run.`,
  );
