import { expect, test } from '@jest/globals';
import type { AccountView } from '@lazada-sof/db';
import { accountFindings, parked } from './accounts.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
const SET = { set: true, setAt: null };
const VIEW: AccountView = {
  accountId: '1',
  name: 'shop-7',
  country: 'SG',
  timezone: null,
  appKey: 'key',
  appSecret: SET,
  accessToken: SET,
  refreshToken: SET,
  accessTokenExpiresAt: inDays(20),
  refreshTokenExpiresAt: inDays(60),
  shipmentProvider: null,
  deliveryType: 'sof',
  sofUsername: 'courier',
  sofPassword: SET,
  sofDriver: 'sofp',
  sofRts: 'package',
  autoSendNotDelivered: false,
  invoicePathTemplate: null,
  enabled: true,
  status: 'active',
  statusReason: null,
};
const WELL = [
  { check: 'open_platform', ok: true, detail: 'the Open Platform answers' },
  { check: 'sof_login', ok: true, detail: 'the SOF module accepts' },
];

test('an account that is well has a line, and when the seller has to consent again', () => {
  expect(accountFindings(VIEW, WELL, NOW)).toEqual([
    { check: 'account shop-7', ok: true, detail: 'the Open Platform answers; the SOF module accepts' },
    {
      check: 'account shop-7: tokens',
      ok: true,
      detail: `good until ${inDays(60).toISOString()}; then the seller has to consent again`,
    },
  ]);
});

test('each thing that is wrong has a line of its own', () => {
  const wrong = { check: 'sof_login', ok: false, detail: 'refused', fix: 'sof account set' };
  const [first, ...others] = accountFindings(VIEW, [...WELL.slice(0, 1), wrong], NOW);
  expect(first).toEqual({ ...wrong, check: 'account shop-7: sof_login' });
  expect(others.every(({ ok }) => ok)).toBe(true);
});

test('what no change of the account would mend says so', () => {
  const [first] = accountFindings(VIEW, [{ check: 'sof_login', ok: false, detail: 'no connection' }], NOW);
  expect(first?.fix).toContain('SOFP_URL');
});

test('tokens that end within a week are told with the way out', () => {
  const view = { ...VIEW, refreshTokenExpiresAt: inDays(6) };
  expect(accountFindings(view, WELL, NOW)).toContainEqual({
    check: 'account shop-7: tokens',
    ok: true,
    warn: true,
    detail: expect.stringContaining(inDays(6).toISOString()),
    fix: expect.stringContaining('sof account authorize shop-7'),
  });
});

test('an end that nobody told is not told', () => {
  const view = { ...VIEW, accessTokenExpiresAt: null, refreshTokenExpiresAt: null };
  expect(accountFindings(view, WELL, NOW)).toHaveLength(1);
});

test('what is said of an account that goes on is told', () => {
  const view = { ...VIEW, statusReason: 'shipment_provider X is not offered' };
  expect(accountFindings(view, WELL, NOW)).toContainEqual(
    expect.objectContaining({ warn: true, detail: 'shipment_provider X is not offered' }),
  );
});

test.each([
  ['auth_failed', 'sof account test shop-7'],
  ['reauth_required', 'sof account authorize shop-7'],
] as const)('a parked one (%s) is red with its reason', (status, fix) => {
  expect(parked({ ...VIEW, status, statusReason: 'login refused' })).toEqual({
    check: 'account shop-7',
    ok: false,
    detail: `parked (${status}: login refused); its orders wait, and nobody was asked`,
    fix: expect.stringContaining(fix),
  });
});
