import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { pageOf } from '../shapes/common.ts';
import { importShape, shownImport } from '../shapes/import.ts';

const LIMIT = 'write a whole number from 1 to 200';

/** Newest first. */
export const listImports = endpoint({
  summary: 'List imports',
  query: z.strictObject({
    cursor: z
      .string()
      .regex(/^\d{1,18}$/, 'send nextCursor of the page before, as it came')
      .optional(),
    limit: z.coerce.number({ error: LIMIT }).int(LIMIT).min(1, LIMIT).max(200, LIMIT).default(50),
  }),
  answers: { 200: pageOf(importShape) },
  async handle({ query: { cursor, limit } }, { db }) {
    const files = await db.imports.list({ limit, ...(cursor !== undefined && { before: cursor }) });
    const last = files.length === limit ? files.at(-1) : undefined;
    return answer(200, { items: files.map(shownImport), nextCursor: last?.importId ?? null });
  },
});
