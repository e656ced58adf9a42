import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { type ApiDocument, apiTypes, lintApi, writtenApiTypes } from '@lazada-sof/testkit/http';
import { openApiForTest, type TestApi } from './api.fixture.ts';
import { apiDocument } from './document.fixture.ts';
import { ROUTES } from './routes.ts';

type Parameter = { name: string; in: string; description?: string; example?: unknown };
type Operation = {
  operationId?: string;
  summary?: string;
  security?: object[];
  parameters?: Parameter[];
  responses: Record<string, { content?: object; headers?: object }>;
};
type Document = ApiDocument & {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
};

await describeOnRedis('the description of the API', () => {
  let api: TestApi;
  let document: Document;
  beforeAll(async () => {
    api = await openApiForTest();
    document = (await api.call('GET /openapi.json')).json();
  });
  afterAll(() => api.close());

  test('is OpenAPI 3.1 and open to anybody', () => {
    expect(document.openapi).toBe('3.1.0');
  });

  test('passes the linter, which takes no warning either', async () => {
    expect(await lintApi(document)).toEqual([]);
  });

  test('a description with a mistake does not pass', async () => {
    const [path = '', operations] = Object.entries(document.paths)[0] ?? [];
    const [method = '', operation] = Object.entries(operations ?? {})[0] ?? [];
    const { operationId: _, ...nameless } = operation ?? { responses: {} };
    const mistaken = { ...document, paths: { ...document.paths, [path]: { ...operations, [method]: nameless } } };
    expect(await lintApi(mistaken)).toEqual([expect.stringContaining('operation-operationId')]);
  });

  test('is the one that the client is made from', async () => {
    expect(await apiDocument()).toEqual(document);
  });

  test('has a client that is kept with it: node services/api/src/write-client.fixture.ts writes it anew', async () => {
    expect(await writtenApiTypes()).toBe(await apiTypes(document));
  });

  test('has every route of the API and no other', () => {
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = ROUTES.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(documented.sort()).toEqual(served.sort());
  });

  test('says of each what it does, who may, and how a refusal looks', () => {
    for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
      expect(operation.summary).toMatch(/\w/);
      expect(operation.security).toBeInstanceOf(Array);
      expect(operation.responses.default?.content).toHaveProperty('application/problem+json');
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['422', '429']));
    }
  });

  test('says what stands in each part of a path, with an example that is obviously none', () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const inPath = operations.flatMap(({ parameters = [] }) => parameters.filter((one) => one.in === 'path'));
    expect(inPath.length).toBeGreaterThan(5);
    for (const { description, example } of inPath) {
      expect(description).toMatch(/\w/);
      expect(example).toMatch(/example|^0+$/);
    }
  });

  test('names the headers that every answer has', () => {
    const answers = Object.values(document.paths)
      .flatMap((path) => Object.values(path))
      .flatMap(({ responses }) => Object.values(responses));
    for (const { headers } of answers) expect(headers).toHaveProperty('X-Request-Id');
    for (const { headers } of answers) expect(headers).toHaveProperty('X-RateLimit-Remaining');
  });

  test('names the shapes once', () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Account', 'Order', 'OrderRow', 'Problem']),
    );
  });

  test.each(['/docs', '/docs/static/swagger-ui.css', '/docs/json'])('its page is open: %s', async (url) => {
    const response = await api.call(`GET ${url}`);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-security-policy']).toContain("script-src 'self'");
    expect(response.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
  });
});
