import { describe, expect, test } from '@jest/globals';
import {
  asFailure,
  DAY,
  Failure,
  type FailureDetails,
  type FailureKind,
  HOUR,
  MINUTE,
  SECOND,
} from '@lazada-sof/orders';
import { type Circumstances, type Verdict, verdict } from './verdict.ts';

const now = new Date('2026-11-02T08:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const ahead = (ms: number) => new Date(now.getTime() + ms);

const failure = (kind: FailureKind, details: Partial<FailureDetails> = {}) =>
  new Failure(kind, 'order shop/1: it did not work', { code: 'some_code', ...details });

type Row = { says: string; failure: Failure; when?: Partial<Circumstances>; expected: Verdict };

const rows: Row[] = [
  {
    says: 'the first failure that may pass is retried by the same job within a second',
    failure: failure('transient'),
    when: { random: 0.5 },
    expected: { kind: 'retry', dueAt: ahead(500), jobGoesOn: true },
  },
  {
    says: 'each further failure doubles the longest delay',
    failure: failure('transient'),
    when: { tries: 4, random: 0.5 },
    expected: { kind: 'retry', dueAt: ahead(8 * SECOND), jobGoesOn: true },
  },
  {
    says: 'the eighth failure is the last that the same job repeats, after a minute at most',
    failure: failure('transient'),
    when: { tries: 7, random: 0.999_999 },
    expected: { kind: 'retry', dueAt: ahead(60 * SECOND), jobGoesOn: true },
  },
  {
    says: 'the ninth failure ends the job and lets the step wait a quarter of an hour',
    failure: failure('transient'),
    when: { tries: 8 },
    expected: { kind: 'retry', dueAt: ahead(15 * MINUTE), jobGoesOn: false },
  },
  {
    says: 'the fifteenth failure lets the step wait a day, for the last time',
    failure: failure('transient'),
    when: { tries: 14 },
    expected: { kind: 'retry', dueAt: ahead(24 * HOUR), jobGoesOn: false },
  },
  {
    says: 'the sixteenth failure blocks the step',
    failure: failure('transient'),
    when: { tries: 15 },
    expected: { kind: 'block' },
  },
  {
    says: 'an error that nobody foresaw counts as one that may pass',
    failure: asFailure(new TypeError('x is not a function')),
    when: { random: 0 },
    expected: { kind: 'retry', dueAt: ahead(0), jobGoesOn: true },
  },
  {
    says: 'a rate limit is waited for as long as the outside asked, whatever the tries',
    failure: failure('rate-limited', { waitMs: 90 * SECOND }),
    when: { tries: 15 },
    expected: { kind: 'wait', dueAt: ahead(90 * SECOND) },
  },
  {
    says: 'a rate limit that names no time is waited for two seconds',
    failure: failure('rate-limited'),
    expected: { kind: 'wait', dueAt: ahead(2 * SECOND) },
  },
  {
    says: 'a tracking number that is not there yet is looked for after half a minute',
    failure: failure('not-ready', { schedule: 'tracking' }),
    expected: { kind: 'wait', dueAt: ahead(30 * SECOND) },
  },
  {
    says: 'a tracking number missed for an hour is looked for hourly from its last rung on',
    failure: failure('not-ready', { schedule: 'tracking' }),
    when: { since: ago(HOUR) },
    expected: { kind: 'wait', dueAt: ahead(30 * MINUTE) },
  },
  {
    says: 'waiting uses up no try: the tries do not matter for something that is not ready',
    failure: failure('not-ready', { schedule: 'tracking' }),
    when: { tries: 15 },
    expected: { kind: 'wait', dueAt: ahead(30 * SECOND) },
  },
  {
    says: 'a tracking number missed for 14 days blocks its step',
    failure: failure('not-ready', { schedule: 'tracking' }),
    when: { since: ago(14 * DAY) },
    expected: { kind: 'block' },
  },
  {
    says: 'an invoice that is not issued yet is asked for after five minutes',
    failure: failure('not-ready', { schedule: 'invoice' }),
    expected: { kind: 'wait', dueAt: ahead(5 * MINUTE) },
  },
  {
    says: 'an invoice missed for 14 days blocks its step',
    failure: failure('not-ready', { schedule: 'invoice' }),
    when: { since: ago(14 * DAY) },
    expected: { kind: 'block' },
  },
  {
    says: 'a package that the SOF module does not know yet is given six hours',
    failure: failure('not-ready', { schedule: 'unknown-package' }),
    when: { since: ago(6 * HOUR) },
    expected: { kind: 'block' },
  },
  {
    says: 'a file target that cannot be reached is given 14 days',
    failure: failure('not-ready', { schedule: 'target' }),
    when: { since: ago(6 * HOUR) },
    expected: { kind: 'wait', dueAt: ahead(30 * MINUTE) },
  },
  {
    says: 'a carrier that nobody has named for the account is waited for without an end, whatever the tries',
    failure: failure('not-ready', { schedule: 'account' }),
    when: { since: ago(400 * DAY), tries: 15 },
    expected: { kind: 'wait', dueAt: ahead(30 * MINUTE) },
  },
  {
    says: 'something not ready on no ladder is given up soonest, after six hours',
    failure: failure('not-ready'),
    when: { since: ago(6 * HOUR) },
    expected: { kind: 'block' },
  },
  {
    says: 'a refusal that cannot pass blocks at once',
    failure: failure('rejected'),
    expected: { kind: 'block' },
  },
  {
    says: 'a refused login parks the account',
    failure: failure('misconfigured'),
    expected: { kind: 'park', status: 'auth_failed', reason: 'order shop/1: it did not work' },
  },
  {
    says: 'an account that somebody else has parked is left alone',
    failure: failure('misconfigured', { code: 'account_parked' }),
    expected: { kind: 'leave' },
  },
  {
    says: 'a token that cannot be refreshed parks the account until it is authorized again',
    failure: failure('misconfigured', { accountStatus: 'reauth_required' }),
    expected: { kind: 'park', status: 'reauth_required', reason: 'order shop/1: it did not work' },
  },
];

describe('verdict', () => {
  test.each(rows)('$says', ({ failure: failed, when, expected }) => {
    expect(verdict(failed, { tries: 0, since: now, now, random: 0, ...when })).toEqual(expected);
  });

  test('the tries that one job repeats take about ninety seconds together, on the average', () => {
    const delays = Array.from({ length: 8 }, (_, tries) =>
      verdict(failure('transient'), { tries, since: now, now, random: 0.5 }),
    );
    const total = delays.reduce(
      (sum, each) => sum + (each.kind === 'retry' ? each.dueAt.getTime() - now.getTime() : 0),
      0,
    );
    expect(total / SECOND).toBeCloseTo(91.5, 0);
  });
});
