import { expect, test } from '@jest/globals';
import {
  ConnectionLostError,
  LoginRefusedError,
  MissingValueError,
  NoConnectionError,
  NoTokenInAnswerError,
  RequestRefusedError,
  ServerRefusedError,
  TimedOutError,
  TokenRefusedError,
  TooManyRequestsError,
  UncertainAnswerError,
  UnknownStatusError,
  UnknownTrackingNumberError,
  WrongAddressError,
} from '@lazada-sof/clients';
import { sofFailure } from './failures.ts';

const facts = (httpStatus?: number) => ({ request: { method: 'POST', url: 'https://sofp.test/x' }, httpStatus });

test.each([
  [
    'a tracking number not known yet is asked about again for a while',
    new UnknownTrackingNumberError('x', facts(400)),
    { kind: 'not-ready', schedule: 'unknown-package', code: 'package_unknown' },
  ],
  ['a missing value can never pass', new MissingValueError('x', facts(400)), { kind: 'rejected', code: 'http_400' }],
  ['a wrong status can never pass', new UnknownStatusError('x', facts(400)), { kind: 'rejected', code: 'http_400' }],
  ['any other bad request neither', new RequestRefusedError('x', facts(422)), { kind: 'rejected', code: 'http_422' }],
  [
    'a fresh token refused stops the account',
    new TokenRefusedError('x', facts(401)),
    { kind: 'misconfigured', accountStatus: 'auth_failed', code: 'http_401' },
  ],
  [
    'a login refused stops the account',
    new LoginRefusedError('x', facts(401)),
    { kind: 'misconfigured', accountStatus: 'auth_failed', code: 'login_refused' },
  ],
  [
    'a wrong address stops the account',
    new WrongAddressError('x', facts(404)),
    { kind: 'misconfigured', accountStatus: 'auth_failed', code: 'http_404' },
  ],
  [
    'too many requests are waited for',
    new TooManyRequestsError('x', { ...facts(429), retryAfterMs: null }),
    { kind: 'rate-limited', waitMs: 9_000, code: 'http_429' },
  ],
  ['a server that cannot passes', new ServerRefusedError('x', facts(503)), { kind: 'transient', code: 'http_503' }],
  ['a lost gateway passes', new UncertainAnswerError('x', facts(502)), { kind: 'transient', code: 'http_502' }],
  ['no answer in time passes', new TimedOutError('x', facts()), { kind: 'transient', code: 'timeout' }],
  ['a broken connection passes', new ConnectionLostError('x', facts()), { kind: 'transient', code: 'reset' }],
  ['no connection passes', new NoConnectionError('x', facts()), { kind: 'transient', code: 'no_connection' }],
  [
    'a maintenance page in place of a login passes',
    new NoTokenInAnswerError('x', facts(200)),
    { kind: 'transient', code: 'no_token' },
  ],
  ['a bug is tried again', new TypeError('x'), { kind: 'transient', code: 'unexpected' }],
])('%s', (_sentence, error, expected) => {
  expect(sofFailure('delivered of shop-7/1', error, 9_000)).toMatchObject(expected);
});
