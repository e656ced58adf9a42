import { expect, test } from '@jest/globals';
import { requestOfJob } from './request-of-job.ts';

const addedAt = new Date(1_773_489_600_000);

test.each([
  { says: 'a number', id: '17', named: 'job:17:1773489600000' },
  { says: "a sender's own", id: 'erp-2026_4711', named: 'job:erp-2026_4711:1773489600000' },
  { says: 'anything else', id: 'Lieferung 17/ü\0', named: expect.stringMatching(/^job:[0-9a-f]{64}:1773489600000$/) },
  { says: 'too long', id: 'x'.repeat(2_000), named: expect.stringMatching(/^job:[0-9a-f]{64}:1773489600000$/) },
])('a job whose id is $says names its request', ({ id, named }) => {
  expect(requestOfJob({ id, addedAt })).toEqual(named);
});

test('ids that begin again at 1 name other requests', () => {
  const later = new Date(addedAt.getTime() + 1);
  expect(requestOfJob({ id: '1', addedAt: later })).not.toBe(requestOfJob({ id: '1', addedAt }));
});
