/** Every call that the API describes, against what it says of its own refusals. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { isForPeople } from './access.ts';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';
import { ROUTES, type Route } from './routes.ts';

await describeOnRedis('each call refuses as it is described', () => {
  let api: TestApi;
  let key: Headers;
  let person: Headers;
  beforeAll(async () => {
    api = await openApiForTest();
    [key, person] = await Promise.all([api.key('admin'), api.person('admin')]);
  });
  afterAll(() => api.close());

  const named = ROUTES.map((route) => [`${route.method} ${route.url}`, route] as const);
  const call = ({ method, url, access }: Route, query: string) =>
    api.call(`${method} ${url.replaceAll(/:\w+/g, 'nobody')}${query}`, {
      headers: isForPeople(access) ? person : key,
      ...(['POST', 'PUT', 'PATCH'].includes(method) && { body: {} }),
    });

  test.each(named)('%s, asked with what it does not know: 422 that names each field', async (_, route) => {
    const response = await call(route, '?colour=red');
    expect(response.statusCode).toBe(422);
    const fields: string[] = response.json().errors.map(({ field }: { field: string }) => field);
    // The body is looked at first, where there is one.
    expect(fields).toEqual(route.endpoint.body ? expect.arrayContaining([expect.any(String)]) : ['colour']);
  });

  const things = named.filter(([, { method, url }]) => url.includes(':') && ['GET', 'HEAD'].includes(method));
  test.each(things)('%s of what is not there: 404 that names it', async (_, route) => {
    const response = await call(route, '');
    expect(response.statusCode).toBe(404);
    expect(response.json().detail).toContain('nobody');
  });
});
