/** What comes back of an import, as files that are made while they go out. */
import type { Db } from '@lazada-sof/db';
import { IMPORT_TEMPLATE, RESULT_HEADER, refusedHeader, refusedLine, resultLines } from '@lazada-sof/orders';
import { answer, endpoint } from '../endpoint.ts';
import { noImport, removed } from '../no-such.ts';
import { notFound } from '../problem.ts';
import { importId } from '../shapes/import.ts';

const csv = (description: string) => ({ mediaType: 'text/csv', description, isStreamed: true }) as const;
type Imports = Db['imports'];

export const getImportErrors = endpoint({
  summary: 'Fetch the list of mistakes of an import',
  params: importId,
  answers: { 200: csv('A line for each wrong field: line, field, value, reason.') },
  async handle({ params: { id } }, { db: { imports } }) {
    const file = await imports.find(id);
    if (!file) throw noImport(id);
    return answer(200, { name: named(file.fileName, 'errors'), text: errorLines(imports, file.importId) });
  },
});

async function* errorLines(imports: Imports, id: string): AsyncGenerator<string> {
  yield RESULT_HEADER;
  for await (const errors of imports.errors(id)) yield errors.map((error) => resultLines(error.line, [error])).join('');
}

export const getImportRefused = endpoint({
  summary: 'Fetch the refused rows of an import as they came',
  params: importId,
  answers: { 200: csv('In the file’s own columns and separator: mend them and import the file again.') },
  refusals: {
    404: 'No such import, or one that has not been read yet.',
    410: 'Its rows were removed, since they had been kept long enough; the list of mistakes is still there.',
  },
  async handle({ params: { id } }, { db: { imports } }) {
    const file = await imports.find(id);
    if (!file) throw noImport(id);
    if (file.removedAt)
      throw removed(file, `GET /v1/imports/${id}/errors.csv still says which lines were refused and why`);
    const { refusedForm: form } = file;
    if (!form) throw notFound(`Import ${id} has no rows that could be read: GET /v1/imports/${id} says why.`);
    return answer(200, { name: named(file.fileName, 'refused'), text: refusedLines(imports, file.importId, form) });
  },
});

async function* refusedLines(
  imports: Imports,
  id: string,
  form: Parameters<typeof refusedHeader>[0],
): AsyncGenerator<string> {
  yield refusedHeader(form);
  for await (const rows of imports.refused(id)) yield rows.map((cells) => refusedLine(cells, form)).join('');
}

export const getImportTemplate = endpoint({
  summary: 'Fetch an empty import file',
  answers: { 200: csv('The header with one line of example.') },
  async handle() {
    return answer(200, { name: 'template.csv', text: template() });
  },
});

async function* template(): AsyncGenerator<string> {
  yield IMPORT_TEMPLATE;
}

/** `orders.xlsx` is `orders.errors.csv`. */
const named = (fileName: string, what: string): string => `${fileName.replace(/\.[^.]{1,8}$/, '')}.${what}.csv`;
