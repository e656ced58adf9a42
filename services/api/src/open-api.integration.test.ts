import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { openApiForTest, type TestApi } from './api.fixture.ts';
import { ROUTES } from './routes.ts';

type Operation = { summary?: string; security?: object[]; responses: Record<string, { content?: object }> };
type Document = { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: object } };

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
    }
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
