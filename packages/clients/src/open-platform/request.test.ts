import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ApiError, type CallLimitError, type HttpRateLimitError } from './errors.ts';
import { failing, mswPlatform, NOW, SHOP } from './msw-platform.fixture.ts';
import { sign } from './sign.ts';

const { platform, asked, answer } = mswPlatform();
const GET = { method: 'GET', path: '/order/get', params: { order_id: '1234', note: 'ร้าน & co', empty: '' } } as const;
const POST = { ...GET, method: 'POST', path: '/order/pack' } as const;
const anything = { schema: z.unknown().optional(), from: 'data' } as const;
const call = (endpoint: typeof GET | typeof POST = GET) => platform.call(SHOP, endpoint, anything);

describe('a request', () => {
  const sent = {
    order_id: '1234',
    note: 'ร้าน & co',
    app_key: '123456',
    access_token: 'hush-token',
    sign_method: 'sha256',
    timestamp: String(NOW),
  };

  test('GET has all parameters in the query, signed, none of them empty', async () => {
    answer({ code: '0' });
    await call(GET);
    expect(asked).toEqual([
      {
        method: 'GET',
        path: 'https://api.lazada.test/rest/order/get',
        query: { ...sent, sign: sign('/order/get', sent, 'hush-app') },
        form: {},
        contentType: null,
      },
    ]);
  });

  test('POST has all parameters in the form body and none in the query', async () => {
    answer({ code: '0' });
    await call(POST);
    expect(asked).toEqual([
      {
        method: 'POST',
        path: 'https://api.lazada.test/rest/order/pack',
        query: {},
        form: { ...sent, sign: sign('/order/pack', sent, 'hush-app') },
        contentType: 'application/x-www-form-urlencoded; charset=utf-8',
      },
    ]);
  });

  test('without an access token leaves that parameter out', async () => {
    answer({ code: '0' });
    const { accessToken: _, ...app } = SHOP;
    await platform.call(app, GET, anything);
    expect(Object.keys(asked[0]?.query ?? {})).not.toContain('access_token');
  });
});

describe('a success', () => {
  test.each([
    ['data at the top', { code: '0', data: { a: 1 }, request_id: 'r1' }],
    ['data within a result', { code: '0', result: { success: true, data: { a: 1 } }, request_id: 'r1' }],
    ['a code as a number', { code: 0, data: { a: 1 }, request_id: 'r1' }],
    ['a success as text', { code: '0', result: { success: 'true', data: { a: 1 } }, request_id: 'r1' }],
    [
      'a result with empty error fields',
      { code: '0', result: { success: true, error_code: '', error_msg: null, data: { a: 1 } }, request_id: 'r1' },
    ],
    ['fields that nobody knows', { code: '0', data: { a: 1 }, request_id: 'r1', extra: { deep: [] } }],
  ])('%s', async (_sentence, body) => {
    answer(body);
    expect(await call()).toEqual({ content: { a: 1 }, requestId: 'r1' });
  });

  test('keeps the digits of ids beyond 2^53', async () => {
    answer('{"code":"0","data":{"order_id":260422899198627123}}');
    expect(await call()).toEqual({ content: { order_id: '260422899198627123' }, requestId: null });
  });
});

/** Every code that Lazada documents for the calls that we make, with the words that tell the meanings of 6 apart. */
const CODES: [code: string, message: string][] = [
  ...['IllegalAccessToken', 'InvalidAccessToken', 'IllegalRefreshToken', 'AUTH_TYPE_UNSUPPORTED', 'InvalidCode'],
  ...['IncompleteSignature', 'MissingParameter', 'MISSING_PARAMETER', 'SellerCallLimit', 'AppCallLimit', '901', '998'],
  ...[
    'ServiceTimeout',
    'ServiceUnavailable',
    '15',
    '21',
    '500',
    '501',
    '1000',
    '1002',
    '506',
    '40011',
    '700024',
    '1003',
  ],
  ...['14', '16', '17', '19', '20', '23', '24', '25', '26', '29', '31', '32', '35', '36', '37', '38', '39', '56', '63'],
  ...['74', '75', '91', '94', '95', '96', '700023', '600001', '34', '73', '82', '1008', '30012', '700000', '700026'],
  ...['700031', '600002', '1007', '700009', '50008', '700040', 'SellerNotVerified', 'NeverHeardOf'],
].map((code): [string, string] => [code, `words of ${code}`]);
CODES.push(['ApiCallLimit', 'this ban will last 5 seconds'], ['6', 'System Error'], ['6', 'Invalid Order ID']);

describe('a refusal is an ApiError with code, words and request id, in every form of the envelope', () => {
  test.each(CODES)('%s "%s" at the top', async (code, message) => {
    answer({ code, type: 'ISV', message, request_id: 'r9' });
    const error = await failing(call());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code, apiMessage: message, requestId: 'r9', delivery: 'refused', httpStatus: 200 });
  });

  test.each(CODES)('%s "%s" within a result', async (code, message) => {
    answer({ code: '0', result: { success: false, error_code: code, error_msg: message }, request_id: 'r9' });
    expect(await failing(call())).toMatchObject({ code, apiMessage: message, requestId: 'r9' });
  });

  test('within a result of the other spelling', async () => {
    answer({ code: 0, result: { success: 'false', errorCode: 34, errorMsg: 'E034' }, request_id: 'r9' });
    expect(await failing(call())).toMatchObject({ code: '34', apiMessage: 'E034', requestId: 'r9' });
  });

  test('a code as a number', async () => {
    answer({ code: 34, message: 'E034' });
    expect(await failing(call())).toMatchObject({ code: '34' });
  });

  test('a failure without any code', async () => {
    answer({ code: '0', result: { success: false } });
    expect(await failing(call())).toMatchObject({ code: 'no_code' });
  });

  test('a status of 500 does not hide the code', async () => {
    answer({ code: 'ServiceUnavailable', message: 'later' }, { status: 500 });
    expect(await failing(call())).toMatchObject({ code: 'ServiceUnavailable', httpStatus: 500 });
  });

  test('details name the parameter', async () => {
    answer({ code: 'MissingParameter', message: 'missing', detail: [{ field: 'order_id', message: 'is mandatory' }] });
    expect(await failing(call())).toMatchObject({ apiMessage: 'missing; order_id: is mandatory' });
  });

  test.each([
    ['IllegalAccessToken', 'AccessTokenRefusedError'],
    ['ApiCallLimit', 'CallLimitError'],
    ['AppCallLimit', 'CallLimitError'],
    ['AppApiCallLimit', 'CallLimitError'],
    ['4154', 'CallLimitError'],
    ['16', 'ApiError'],
  ])('%s is an %s', async (code, name) => {
    answer({ code, message: '' });
    expect((await failing(call())).name).toBe(name);
  });

  test.each([
    ['The app is banned, this ban will last 1 seconds', 1],
    ['this ban will last 42 seconds more', 42],
    ['slow down', null],
  ])('the ban of "%s" lasts %s seconds', async (message, expected) => {
    answer({ code: 'ApiCallLimit', message });
    expect(((await failing(call())) as CallLimitError).banSeconds).toBe(expected);
  });
});

describe('an answer that is none', () => {
  test.each([
    ['a page of HTML with 200', '<html>Sorry</html>', 200, 'NotJsonError', 'unknown'],
    ['nothing at all', '', 200, 'NotJsonError', 'unknown'],
    ['half a JSON', '{"code":"0","da', 200, 'NotJsonError', 'unknown'],
    ['JSON without a code', '{"data":{}}', 200, 'UnexpectedAnswerError', 'unknown'],
    ['JSON that is no object', '[1]', 200, 'UnexpectedAnswerError', 'unknown'],
    ['a redirect', '', 302, 'HttpStatusError', 'refused'],
    ['403', '<html>', 403, 'HttpStatusError', 'refused'],
    ['404', 'not found', 404, 'HttpStatusError', 'refused'],
    ['408', '', 408, 'HttpStatusError', 'unknown'],
    ['429', '', 429, 'HttpRateLimitError', 'refused'],
    ['500', '<html>', 500, 'HttpStatusError', 'refused'],
    ['503', '', 503, 'HttpStatusError', 'refused'],
    ['502', '<html>Bad gateway', 502, 'HttpStatusError', 'unknown'],
    ['504', '', 504, 'HttpStatusError', 'unknown'],
    ['a success with an odd status', '{"code":"0","data":{}}', 201, 'HttpStatusError', 'refused'],
  ])('%s', async (_sentence, body, status, name, delivery) => {
    answer(body, { status });
    const error = await failing(call());
    expect([error.name, error.httpStatus, error.delivery]).toEqual([name, status, delivery]);
    expect(asked).toHaveLength(1);
  });

  test('429 tells its Retry-After', async () => {
    answer('', { status: 429, headers: { 'retry-after': '3' } });
    expect(((await failing(call())) as HttpRateLimitError).retryAfterMs).toBe(3_000);
  });

  test('content of another form names each mistake', async () => {
    answer({ code: '0', data: { a: 'text' } });
    const content = { schema: z.object({ a: z.number(), b: z.string() }), from: 'data' } as const;
    const error = await failing(platform.call(SHOP, GET, content));
    expect(error.name).toBe('UnexpectedAnswerError');
    expect(error.message).toMatch(/at a[\s\S]*at b/);
  });

  test('a list of thousands that are all wrong is told of by its first', async () => {
    answer({ code: '0', data: Array(20_000).fill({}) });
    const content = { schema: z.array(z.object({ a: z.number() })), from: 'data' } as const;
    const error = await failing(platform.call(SHOP, GET, content));
    expect(error.message).toMatch(/at \[0\]\.a[\s\S]*at \[4\]\.a\nand 19995 more$/);
  });
});

test('no secret shows in an error, even where the answer repeats it', async () => {
  answer(`<html>hush-token and hush-app ${'x'.repeat(2_000)}`);
  const error = await failing(call());
  expect(error.excerpt).toHaveLength(500);
  expect(error.message + error.excerpt).not.toContain('hush');
  expect(error.request).toEqual({ method: 'GET', url: 'https://api.lazada.test/rest/order/get' });
});

test('nor where a code or a request id is what was sent', async () => {
  answer({ code: 'x-hush-token', message: 'hush-app', request_id: 'hush-token' });
  const error = await failing(call());
  expect(error).toMatchObject({ code: 'x-[redacted]', requestId: '[redacted]' });
  expect(error.message).not.toContain('hush');
});
