import { expect, test } from '@jest/globals';
import { type AccountVerdict, accountVerdict } from './account-verdict.ts';
import { Failure, type FailureDetails, type FailureKind } from './failure.ts';

const failure = (kind: FailureKind, details: Partial<FailureDetails> = {}) =>
  new Failure(kind, 'what was refused', { code: 'some_code', ...details });
const parked = (status: 'auth_failed' | 'reauth_required'): AccountVerdict => ({
  kind: 'park',
  status,
  reason: 'what was refused',
});
const LEAVE: AccountVerdict = { kind: 'leave' };

test.each<[sentence: string, failure: Failure | null, ifActive: boolean, verdict: AccountVerdict]>([
  ['credentials that work un-park it', null, false, { kind: 'unpark' }],
  ["the scheduler's own check un-parks nothing", null, true, LEAVE],
  ['an outage says nothing of it', failure('transient'), false, LEAVE],
  ['a limit says nothing of it', failure('rate-limited'), false, LEAVE],
  ['what is not there yet says nothing of it', failure('not-ready'), false, LEAVE],
  ["one order's refusal says nothing of it", failure('rejected'), false, LEAVE],
  [
    'a refused login parks it',
    failure('misconfigured', { accountStatus: 'auth_failed' }),
    false,
    parked('auth_failed'),
  ],
  [
    'consent that has ended parks it as such',
    failure('misconfigured', { accountStatus: 'reauth_required' }),
    false,
    parked('reauth_required'),
  ],
  ['what a connector gave no status parks it all the same', failure('misconfigured'), false, parked('auth_failed')],
  ["the scheduler's own check parks it too", failure('misconfigured'), true, parked('auth_failed')],
  [
    'parked by somebody else: the first reason stays',
    failure('misconfigured', { code: 'account_parked' }),
    false,
    LEAVE,
  ],
  [
    'what stops nothing yet parks nobody',
    failure('misconfigured', { accountStatus: 'reauth_required', stillWorks: true }),
    false,
    LEAVE,
  ],
])('%s', (_, of, ifActive, verdict) => {
  expect(accountVerdict(of, { ifActive })).toEqual(verdict);
});
