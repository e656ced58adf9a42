/** Updates as other systems write them, good and bad: whoever reads one is to say of each the same. */

export type UpdateSample = {
  readonly says: string;
  readonly data: unknown;
  /** What is wrong with it; left out: nothing. */
  readonly wrong?: { readonly field: string };
};

export const GOOD_UPDATE = { v: 1, account: 'demo-sg', orderNumber: '400100000214683' } as const;
const DELIVERED = { ...GOOD_UPDATE, status: 'delivered' } as const;

const STATUSES = ['ready_to_ship', 'shipped', 'delivered', 'not_delivered', 'release', 'withdraw'];
const TIMES = [
  '2026-03-14T15:09:26+08:00',
  '2026-03-14T07:09:26Z',
  '2026-03-14T07:09:26.000000Z',
  '2026-03-14T07:09:26-23:59',
  '2024-02-29T00:00:00Z',
  '2000-02-29T23:59:59Z',
  '1000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59Z',
];
const NO_TIMES: unknown[] = [
  ...['', 'yesterday', '2026-03-14', '2026-03-14T15:09:26', '2026-03-14T15:09Z', '2026-03-14 15:09:26Z'],
  ...['2026-3-14T15:09:26Z', '14/03/2026T15:09:26Z', '2026-03-14T15:09:26z', '2026-03-14t15:09:26Z'],
  ...['2026-02-29T00:00:00Z', '2100-02-29T00:00:00Z', '2026-04-31T00:00:00Z', '2026-13-01T00:00:00Z'],
  ...['2026-00-10T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z'],
  ...['2026-01-01T00:00:60Z', '2026-01-01T00:00:00.Z', '2026-01-01T00:00:00+8:00', '2026-01-01T00:00:00+08'],
  ...['2026-01-01T00:00:00+0800', '2026-01-01T00:00:00+24:00', '0000-01-01T00:00:00Z', '0999-12-31T00:00:00Z'],
  ...['+12026-01-01T00:00:00Z', '٢٠٢٦-01-01T00:00:00Z', ' 2026-01-01T00:00:00Z', 1_767_225_600, null],
];

/** The texts of an update, and how many characters each may have. */
const TEXTS = {
  ...{ account: 500, orderNumber: 100, packageId: 100, trackingNumber: 100, carrier: 50 },
  ...{ carrierTrackingNumber: 100, reason: 1_000, requestId: 200 },
};

export const GOOD_UPDATES: readonly UpdateSample[] = [
  { says: 'the least', data: GOOD_UPDATE },
  ...STATUSES.map((status) => ({ says: status, data: { ...GOOD_UPDATE, status } })),
  ...TIMES.map((occurredAt) => ({ says: `at ${occurredAt}`, data: { ...DELIVERED, occurredAt } })),
  ...Object.entries(TEXTS).flatMap(([field, longest]) => [
    { says: `the shortest ${field}`, data: { ...DELIVERED, [field]: '7' } },
    { says: `the longest ${field}`, data: { ...DELIVERED, [field]: 'x'.repeat(longest) } },
    { says: `the longest ${field} in letters beyond U+FFFF`, data: { ...DELIVERED, [field]: '😀'.repeat(longest) } },
  ]),
  {
    says: 'a reason of several lines',
    data: { ...GOOD_UPDATE, status: 'not_delivered', reason: 'ไม่มีคนอยู่\n\tnhà trống' },
  },
];

const wrong = (field: string, data: unknown, says = JSON.stringify(data)): UpdateSample => ({
  says,
  data,
  wrong: { field },
});

export const BAD_UPDATES: readonly UpdateSample[] = [
  ...['delivered', 7, true, null, [DELIVERED]].map((data) => wrong('', data)),
  wrong('account', { v: 1, orderNumber: '4' }),
  wrong('orderNumber', { v: 1, account: 'demo-sg' }),
  ...[2, '1', true, null].map((v) => wrong('v', { ...DELIVERED, v })),
  ...['deliverd', 'Delivered', '', ' delivered', 1, null].map((status) => wrong('status', { ...GOOD_UPDATE, status })),
  ...NO_TIMES.map((occurredAt) => wrong('occurredAt', { ...DELIVERED, occurredAt })),
  ...Object.entries(TEXTS).flatMap(([field, longest]) => [
    ...['', 400100000214683, true, null, ['7'], { is: '7' }].map((value) =>
      wrong(field, { ...DELIVERED, [field]: value }),
    ),
    wrong(field, { ...DELIVERED, [field]: 'x'.repeat(longest + 1) }, `${field} of ${longest + 1} characters`),
    wrong(
      field,
      { ...DELIVERED, [field]: '😀'.repeat(longest + 1) },
      `${field} of ${longest + 1} letters beyond U+FFFF`,
    ),
  ]),
  ...['wieght', 'Status', 'order_number', 'constructor', 'force'].map((field) =>
    wrong(field, { ...DELIVERED, [field]: true }),
  ),
];

/** Wrong too, but no JSON Schema can say so: its description does. */
export const UNSTORABLE_UPDATES: readonly UpdateSample[] = Object.keys(TEXTS).flatMap((field) => [
  wrong(field, { ...DELIVERED, [field]: 'r-\0' }, `a NUL in ${field}`),
  wrong(field, { ...DELIVERED, [field]: 'r-\ud83d' }, `half of a surrogate pair in ${field}`),
]);
