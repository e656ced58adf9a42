import { describe, expect, test } from '@jest/globals';
import {
  AbortedError,
  AnswerTooLargeError,
  ApiError,
  ConnectionLostError,
  EmptyAnswerError,
  HttpRateLimitError,
  HttpStatusError,
  NoConnectionError,
  NotAnIdError,
  NotJsonError,
  TimedOutError,
  UnexpectedAnswerError,
} from '@lazada-sof/clients';
import { elementFailure, lazadaFailure, meaningOf } from './failures.ts';

const facts = { request: { method: 'POST', url: 'https://api.lazada.test/rest/x' }, httpStatus: 200 };
const apiError = (code: string, apiMessage = '') => new ApiError({ ...facts, code, apiMessage, requestId: 'r1' });

type Row = [meaning: string, expected: object, codes: string[]];
const ROWS: Row[] = [
  [
    'an access token refused although renewed stops the account until the seller consents again',
    { kind: 'misconfigured', accountStatus: 'reauth_required' },
    ['IllegalAccessToken', 'InvalidAccessToken'],
  ],
  [
    'a refresh token refused stops the account until the seller consents again',
    { kind: 'misconfigured', accountStatus: 'reauth_required' },
    ['IllegalRefreshToken', 'AUTH_TYPE_UNSUPPORTED', 'InvalidCode'],
  ],
  [
    'a wrong signature stops the account',
    { kind: 'misconfigured', accountStatus: 'auth_failed' },
    ['IncompleteSignature'],
  ],
  [
    'a shop that is not verified stops the account',
    { kind: 'misconfigured', accountStatus: 'auth_failed' },
    ['SellerNotVerified'],
  ],
  [
    'an app or shop that Lazada does not let in stops the account',
    { kind: 'misconfigured', accountStatus: 'auth_failed' },
    [
      ...['AppWhiteIpLimit', 'InvalidAppKey', 'InsufficientPermission', 'AppNotSubscribed', 'InvalidApi'],
      ...['InvalidApiPath', 'E501'],
    ],
  ],
  ['a missing parameter can never pass', { kind: 'rejected' }, ['MissingParameter', 'MISSING_PARAMETER']],
  [
    'a call limit is waited for',
    { kind: 'rate-limited', waitMs: 7_000 },
    ['ApiCallLimit', 'SellerCallLimit', 'AppCallLimit', 'AppApiCallLimit', '901', '4154'],
  ],
  ['a downgraded API is waited for an hour', { kind: 'rate-limited', waitMs: 3_600_000 }, ['998']],
  [
    'trouble at Lazada passes',
    { kind: 'transient' },
    [
      ...['ServiceTimeout', 'ServiceUnavailable', '15', '21', '500', '501', '1000', '1002', '506', '40011', '700024'],
      '1003',
    ],
  ],
  [
    'bad input can never pass',
    { kind: 'rejected' },
    [
      ...['14', '16', '17', '19', '20', '23', '24', '25', '26', '29', '31', '32', '35', '36', '37', '38', '39', '56'],
      ...['63', '74', '75', '91', '94', '95', '96', '700023', '700001', '600001'],
    ],
  ],
  [
    'another state is looked at again',
    { kind: 'not-ready', schedule: 'unknown-package' },
    ['34', '73', '82', '1008', '30012', '700000', '700026', '700031', '600002'],
  ],
  ['what the seller does not deliver can never pass', { kind: 'rejected' }, ['1007', '700009']],
  [
    'documents that own fleets do not get are unsupported',
    { kind: 'rejected', code: 'unsupported' },
    ['50008', '700040'],
  ],
  ['what nobody knows is tried again', { kind: 'transient' }, ['NeverHeardOf', '4711', 'no_code', 'constructor']],
];
const FLAT = ROWS.flatMap(([sentence, expected, codes]) => codes.map((code) => [sentence, code, expected] as const));

describe('of a whole call', () => {
  test.each(FLAT)('%s: %s', (_sentence, code, expected) => {
    expect(lazadaFailure('pack', apiError(code), { waitMs: 7_000 })).toMatchObject({ code, ...expected });
  });
});

describe('of one element', () => {
  test.each(FLAT)('%s: %s', (_sentence, code, expected) => {
    const outcome = { code, message: '', retry: false };
    expect(elementFailure('pack', outcome, { waitMs: 7_000 })).toMatchObject({ code, ...expected });
  });

  test('that Lazada itself calls retryable is tried again', () => {
    expect(elementFailure('pack', { code: '700023', message: '', retry: true })).toMatchObject({ kind: 'transient' });
  });

  test('without any code is tried again', () => {
    const failure = elementFailure('pack', { code: '', message: '', retry: false });
    expect(failure).toMatchObject({ kind: 'transient', code: 'no_code' });
  });
});

test.each([
  ['System Error', 'passing'],
  ['SYSTEM_ERROR', 'passing'],
  ['the server is busy', 'passing'],
  ['Invalid Order ID', 'bad input'],
  ['For input string: "x"', 'bad input'],
  ['E006', 'unknown'],
])('code 6 with "%s" is %s', (message, expected) => {
  expect(meaningOf({ code: '6', message })).toBe(expected);
});

const MISSING = 'the input parameter “%s” that is mandatory for processing this request is not supplied';
test.each([
  [MISSING.replace('%s', 'sign'), 'not signed in'],
  [MISSING.replace('%s', 'access_token'), 'not signed in'],
  ['The input parameter "sign" is missing', 'not signed in'],
  ['The input parameter access_token is missing', 'not signed in'],
  ['missing; sign: is mandatory', 'not signed in'],
  [MISSING.replace('%s', 'sign_method'), 'parameter missing'],
  [MISSING.replace('%s', 'order_id'), 'parameter missing'],
  ['The input parameter design is missing', 'parameter missing'],
])('MissingParameter with "%s" is %s', (message, expected) => {
  expect(meaningOf({ code: 'MissingParameter', message })).toBe(expected);
});

test.each([
  ['AppWhiteIpLimit', /IP whitelist/],
  ['InvalidAppKey', /app key/],
  ['InsufficientPermission', /right to this API/],
  ['AppNotSubscribed', /subscribe/],
  ['InvalidApi', /LAZADA_REST_URL/],
  ['E501', /Seller Center/],
  ['SellerNotVerified', /Seller Center/],
  ['IncompleteSignature', /app secret/],
])("a failure that stops the account says what to do beside Lazada's words: %s", (code, wayOut) => {
  const failure = lazadaFailure('items of shop-7/1', apiError(code, 'words of Lazada'));
  expect(failure.message).toMatch(wayOut);
  expect(failure.message).toContain(`items of shop-7/1: ${code} "words of Lazada"`);
});

test.each([
  ['IllegalAccessToken', 'c: IllegalAccessToken "no": let the seller give consent again: sof account authorize shop-7'],
  [
    'IllegalRefreshToken',
    'c: IllegalRefreshToken "no": let the seller give consent again: sof account authorize shop-7',
  ],
  [
    'InvalidCode',
    'c: InvalidCode "no": a code is good for half an hour, and once: let the seller give consent again: sof account authorize shop-7',
  ],
])('%s names the command with the account', (code, message) => {
  expect(lazadaFailure('c', apiError(code, 'no'), { account: { name: 'shop-7' } }).message).toBe(message);
});

test('another state of a document is waited for on the ladder of invoices', () => {
  expect(lazadaFailure('invoice', apiError('34'), { schedule: 'invoice' }).schedule).toBe('invoice');
});

test('the message names what was asked, the code and its words', () => {
  expect(lazadaFailure('pack of shop-7/123', apiError('16', 'Invalid Order ID')).message).toBe(
    'pack of shop-7/123: 16 "Invalid Order ID"',
  );
});

test.each([
  [new NoConnectionError('x', facts), 'transient', 'no_connection'],
  [new TimedOutError('x', facts), 'transient', 'timeout'],
  [new ConnectionLostError('x', facts), 'transient', 'reset'],
  [new AnswerTooLargeError('x', facts), 'transient', 'too_large'],
  [new AbortedError('unknown', facts), 'transient', 'aborted'],
  [new NotJsonError('x', facts), 'transient', 'not_json'],
  [new EmptyAnswerError('x', facts), 'transient', 'empty_answer'],
  [new UnexpectedAnswerError('x', facts), 'rejected', 'unexpected_answer'],
  [new HttpStatusError({ ...facts, httpStatus: 502 }), 'transient', 'http_502'],
  [new HttpStatusError({ ...facts, httpStatus: 403 }), 'transient', 'http_403'],
  [new HttpRateLimitError({ ...facts, httpStatus: 429, retryAfterMs: 1 }), 'rate-limited', 'http_429'],
  [new NotAnIdError('X-1'), 'rejected', 'not_an_id'],
  [new TypeError('a bug'), 'transient', 'unexpected'],
])('%s is %s with code %s', (error, kind, code) => {
  expect(lazadaFailure('call', error)).toMatchObject({ kind, code });
});
