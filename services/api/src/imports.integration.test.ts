/** Imports over HTTP: what is stored, what is refused, and that nothing stays of what was broken off. */
import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeOnRedis, until } from '@lazada-sof/testkit';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';

const BOUNDARY = 'a-boundary';
const FORM = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
const CSV = 'account,order_number,status,occurred_at\nshop,400100000214683,delivered,2026-03-14 15:09\n';

type Part = { name?: string; fileName?: string | null; content?: string };
const part = ({ name = 'file', fileName = 'a.csv', content = CSV }: Part) =>
  [
    `--${BOUNDARY}`,
    `content-disposition: form-data; name="${name}"${fileName === null ? '' : `; filename="${fileName}"`}`,
    ...(fileName === null ? [] : ['content-type: text/csv']),
    '',
    content,
    '',
  ].join('\r\n');
const END = `--${BOUNDARY}--\r\n`;
const form = (...parts: Part[]) => parts.map(part).join('') + END;

await describeOnRedis('imports over HTTP', () => {
  let api: TestApi;
  let headers: Headers;
  let port: number;
  beforeAll(async () => {
    api = await openApiForTest({ times: { wholeWithinMs: 300, pace: { windowMs: 500, bytesPerSecond: 64 * 1_024 } } });
    headers = await api.key('imports:write');
    port = Number(new URL(await api.app.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterAll(() => api.close());

  const upload = (payload: string, { query = '', more = {} }: { query?: string; more?: Headers } = {}) =>
    api.app.inject({ method: 'POST', url: `/v1/imports${query}`, headers: { ...headers, ...FORM, ...more }, payload });
  const idOf = async (payload: string, query = '') => (await upload(payload, { query })).json<{ id: string }>().id;
  const shown = async (id: string) => (await api.call(`GET /v1/imports/${id}`, { headers })).json();
  const waiting = () => api.producer.waiting('order-update');
  const rows = async () => {
    const [found] = await api.database.sql<{ n: string }>(
      'select (select count(*) from import_file) + (select count(*) from import_chunk) as n',
    );
    return found?.n;
  };
  /** As the worker leaves it. */
  const end = (id: string, status: string) =>
    api.database.sql(
      `update import_file set status = $2, rows = 3, accepted = 1, refused = 2, due_at = null,
              refused_form = '{"separator":";","hasSeparatorLine":false,"header":["account","order_number"]}' where id = $1`,
      [id, status],
    );
  const mistake = (id: string, line: number, cells: string[] | null) =>
    api.database.sql(
      "insert into import_error (import_id, line, field, value, reason, cells) values ($1, $2, 'status', '=1', 'why', $3)",
      [id, line, cells && JSON.stringify(cells)],
    );

  describe('an upload', () => {
    test('is stored whole, under its name, by whoever did it, and handed on: 202 with its id', async () => {
      const before = await waiting();
      const response = await upload(form({ fileName: 'C:\\fakepath\\รายงาน 14.csv' }));
      expect([response.statusCode, Object.keys(response.json())]).toEqual([202, ['id']]);
      const { id } = response.json();
      expect(await shown(id)).toMatchObject({
        ...{ id, fileName: 'รายงาน 14.csv', status: 'received', dryRun: false, source: 'api' },
        ...{ rows: 0, accepted: 0, refused: 0, error: null, mistakes: [] },
      });
      const chunks: Uint8Array[] = [];
      for await (const chunk of api.db.imports.chunks(id)) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe(CSV);
      expect(await waiting()).toBe(before + 1);
    });

    test('of the same file is a duplicate, with the first one’s counts, and handed to nobody', async () => {
      const content = `${CSV}\n`;
      const first = await idOf(form({ content }));
      await end(first, 'done');
      const before = await waiting();
      const again = await idOf(form({ content, fileName: 'b.csv' }));
      expect(await shown(again)).toMatchObject({ status: 'duplicate', duplicateOf: first, rows: 3, accepted: 1 });
      expect(await waiting()).toBe(before);
    });

    test('as a dry run has no effect, until it is run', async () => {
      const id = await idOf(form({ content: `${CSV}\n\n` }), '?dryRun=true');
      expect(await shown(id)).toMatchObject({ dryRun: true });
      const early = await api.call(`POST /v1/imports/${id}/run`, { headers });
      expect([early.statusCode, early.json().detail]).toEqual([409, expect.stringContaining('not over yet')]);
      await end(id, 'checked');
      const run = await api.call(`POST /v1/imports/${id}/run`, { headers });
      expect([run.statusCode, run.json()]).toEqual([202, { id }]);
      expect(await shown(id)).toMatchObject({ status: 'received', dryRun: false });
      expect((await api.call(`POST /v1/imports/${id}/run`, { headers })).statusCode).toBe(409);
    });

    test.each<[string, string, Headers, string[]]>([
      ['a form without a file', END, {}, ['file']],
      ['a file under another name', form({ name: 'document' }), {}, ['document']],
      ['two files', form({}, { fileName: 'b.csv' }), {}, ['file']],
      ['a field besides the file', form({}, { name: 'comment', fileName: null }), {}, ['comment']],
      ['the content as a field', form({ fileName: null }), {}, ['file']],
      ['JSON', '{}', { 'content-type': 'application/json' }, ['file']],
      ['a form without a boundary', form({}), { 'content-type': 'multipart/form-data' }, ['file']],
    ])('that is %s: 422 that names it, and nothing is kept', async (_, payload, more, fields) => {
      const before = await rows();
      const response = await upload(payload, { more });
      expect([response.statusCode, response.json().errors?.map(({ field }: { field: string }) => field)]).toEqual([
        ...[422, fields],
      ]);
      expect(await rows()).toBe(before);
    });

    test.each([
      ['ends in the middle', part({ content: 'x'.repeat(2_000_000) })],
      ['ends behind its header', part({ content: '' }).slice(0, 60)],
      ['is empty', ''],
    ])('of a form that %s: 400, and nothing is kept', async (_, payload) => {
      const before = await rows();
      const response = await upload(payload);
      expect([response.statusCode, await rows()]).toEqual([400, before]);
    });

    test('with a word that is no choice: 422', async () => {
      const response = await upload(form({}), { query: '?dryRun=yes' });
      expect([response.statusCode, response.json().detail]).toEqual([422, 'dryRun: write true or false']);
    });
  });

  describe('on a line of its own', () => {
    const opened: ClientRequest[] = [];
    afterEach(() => {
      for (const one of opened.splice(0)) one.destroy();
    });
    let before: unknown;
    beforeEach(async () => {
      before = await rows();
    });

    function begin(
      path: string,
      sent: Headers,
    ): { request: ClientRequest; answer: Promise<{ status: number; body: string }> } {
      const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', path, headers: sent });
      opened.push(request);
      const answer = once(request, 'response').then(async ([response]: IncomingMessage[]) => ({
        status: response?.statusCode ?? 0,
        body: response ? await text(response) : '',
      }));
      answer.catch(() => undefined);
      request.on('error', () => undefined);
      return { request, answer };
    }
    const isStoring = async () =>
      (await api.database.sql("select from import_file where status = 'storing'")).length > 0;

    test('an upload that the client breaks off leaves nothing behind', async () => {
      const { request } = begin('/v1/imports', { ...headers, ...FORM });
      request.write(part({ content: 'x'.repeat(3_000_000) }));
      await until(isStoring, { what: 'bytes to be stored', withinMs: 20_000 });
      request.destroy();
      await until(async () => (await rows()) === before, { what: 'nothing to be left', withinMs: 20_000 });
      expect(await isStoring()).toBe(false);
    });

    test('an upload that comes too slowly is ended, says why, and leaves nothing behind', async () => {
      const { request, answer } = begin('/v1/imports', { ...headers, ...FORM });
      request.write(part({ content: 'x'.repeat(1_000) }));
      const { status, body } = await answer;
      expect([status, JSON.parse(body).detail]).toEqual([408, expect.stringContaining('64 KiB a second')]);
      expect(await rows()).toBe(before);
    });

    test('an upload that comes steadily may take longer than any other request', async () => {
      const { request, answer } = begin('/v1/imports', { ...headers, ...FORM });
      const begun = performance.now();
      request.write(part({ content: `${CSV}slow` }).slice(0, -2));
      while (performance.now() - begun < 900) {
        request.write('y'.repeat(64 * 1_024));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      request.end(`\r\n${END}`);
      expect((await answer).status).toBe(202);
    });

    test('any other request that is not whole in time is ended', async () => {
      const { request, answer } = begin('/v1/imports/1/run', { ...headers, 'content-type': 'application/json' });
      request.write('{');
      expect((await answer).status).toBe(408);
    });

    test('an upload without a key that works is answered at once, and its line ended in time', async () => {
      const { request, answer } = begin('/v1/imports', { ...FORM, authorization: 'Bearer sof_wrong' });
      const closed = once(request, 'close');
      request.write(part({ content: 'x'.repeat(1_000) }));
      expect((await answer).status).toBe(401);
      await closed;
      expect(await rows()).toBe(before);
    });
  });

  describe('what comes back', () => {
    test('errors.csv and refused.csv, in the file’s own form, as files that nobody runs', async () => {
      const id = await idOf(form({ content: `${CSV}back`, fileName: 'day 1.xlsx' }));
      await end(id, 'done');
      await mistake(id, 3, ['shop', '=2+3']);
      await mistake(id, 4, null);
      const errors = await api.call(`GET /v1/imports/${id}/errors.csv`, { headers });
      expect(errors.body).toBe("line,field,value,reason\r\n3,status,'=1,why\r\n4,status,'=1,why\r\n");
      expect(errors.headers).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="day 1.errors.csv"',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      const refused = await api.call(`GET /v1/imports/${id}/refused.csv`, { headers });
      expect(refused.body).toBe("account;order_number\r\nshop;'=2+3\r\n");
      expect((await shown(id)).mistakes).toEqual([
        { line: 3, field: 'status', value: '=1', reason: 'why' },
        { line: 4, field: 'status', value: '=1', reason: 'why' },
      ]);
    });

    test('no refused rows of a file that was not read yet: 404 that says so', async () => {
      const id = await idOf(form({ content: `${CSV}unread` }));
      const response = await api.call(`GET /v1/imports/${id}/refused.csv`, { headers });
      expect([response.statusCode, response.json().detail]).toEqual([404, expect.stringContaining('no rows')]);
    });

    test('no refused rows of one whose file was removed: 410 that says when, and the mistakes are there', async () => {
      const id = await idOf(form({ content: `${CSV}removed` }));
      await end(id, 'done');
      await mistake(id, 2, null);
      await api.database.sql("update import_file set removed_at = '2027-03-02T04:00:00Z' where id = $1", [id]);
      const [refused, errors] = await Promise.all(
        ['refused', 'errors'].map((what) => api.call(`GET /v1/imports/${id}/${what}.csv`, { headers })),
      );
      expect([refused?.statusCode, refused?.json().detail]).toEqual([
        410,
        `What import ${id} (a.csv) brought was removed on 2027-03-02, since it had been kept as long as RETAIN_IMPORTS says: GET /v1/imports/${id}/errors.csv still says which lines were refused and why.`,
      ]);
      expect([errors?.statusCode, errors?.body]).toEqual([200, expect.stringContaining('why')]);
    });

    test('no run of a dry run whose file was removed: 410', async () => {
      const id = await idOf(form({ content: `${CSV}dry` }), '?dryRun=true');
      await end(id, 'checked');
      await api.database.sql('update import_file set removed_at = now() where id = $1', [id]);
      const response = await api.call(`POST /v1/imports/${id}/run`, { headers });
      expect([response.statusCode, response.json().detail]).toEqual([
        410,
        expect.stringContaining('send the file again'),
      ]);
    });

    test('an empty file to begin with', async () => {
      const { body, statusCode } = await api.call('GET /v1/imports/template.csv', { headers });
      expect([statusCode, body.split('\r\n')[0]]).toEqual([
        ...[
          200,
          'account,order_number,status,occurred_at,package_id,tracking_number,carrier,carrier_tracking_number,reason',
        ],
      ]);
    });

    test('only its headers to HEAD', async () => {
      const { body, headers: told } = await api.call('HEAD /v1/imports/template.csv', { headers });
      expect([body, told['content-disposition']]).toEqual(['', 'attachment; filename="template.csv"']);
    });
  });

  test('a list, newest first, page by page', async () => {
    const ids = [];
    for (const n of [1, 2, 3]) ids.push(await idOf(form({ content: `${CSV}list ${n}` })));
    const first = (await api.call('GET /v1/imports?limit=2', { headers })).json();
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual([ids[2], ids[1]]);
    const next = (await api.call(`GET /v1/imports?limit=2&cursor=${first.nextCursor}`, { headers })).json();
    expect(next.items[0].id).toBe(ids[0]);
  });

  test('forgotten, an import is gone, and its file may come again', async () => {
    const id = await idOf(form({ content: `${CSV}forget` }));
    expect((await api.call(`DELETE /v1/imports/${id}`, { headers })).statusCode).toBe(204);
    expect((await api.call(`GET /v1/imports/${id}`, { headers })).statusCode).toBe(404);
    expect((await api.call(`DELETE /v1/imports/${id}`, { headers })).statusCode).toBe(404);
    expect(await shown(await idOf(form({ content: `${CSV}forget` })))).toMatchObject({ status: 'received' });
  });

  test('a clerk may, a viewer may not', async () => {
    const [clerk, viewer] = await Promise.all([api.person('clerk'), api.person('viewer')]);
    const asked = (asker: Headers) => api.call('GET /v1/imports', { headers: asker });
    expect([(await asked(clerk)).statusCode, (await asked(viewer)).statusCode]).toEqual([200, 403]);
  });
});
