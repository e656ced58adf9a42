import { expect, test } from '@jest/globals';
import type { TargetTrial } from '@lazada-sof/connectors';
import { targetFinding, targetRoom } from './target.ts';

const trial = (failures: TargetTrial['failures']): TargetTrial => ({
  label: 'ftp://h:21',
  fileName: 'sof-doctor-1.tmp',
  failures,
});

test.each<[says: string, failures: TargetTrial['failures'], found: object]>([
  ['all went well', {}, { ok: true, detail: expect.stringContaining('ftp://h:21 takes a file') }],
  [
    'nothing can be put there',
    { put: 'read-only' },
    { ok: false, detail: expect.stringContaining('read-only'), fix: expect.stringContaining('INVOICE_TARGET_URL') },
  ],
  [
    'nothing is given back',
    { read: 'no' },
    { ok: true, warn: true, detail: expect.stringContaining('does not give it back (no)'), fix: expect.any(String) },
  ],
  [
    'nothing can be removed: the file is named',
    { remove: 'no' },
    { ok: true, warn: true, detail: expect.any(String), fix: expect.stringContaining('remove sof-doctor-1.tmp') },
  ],
])('%s', (_, failures, found) => {
  expect(targetFinding(trial(failures))).toEqual({ check: 'invoice target', ...found });
});

test('no target is no mistake: what it means is told', async () => {
  const signal = AbortSignal.timeout(60_000);
  expect(await targetRoom({ url: undefined }).look(signal)).toEqual([
    {
      check: 'invoice target',
      ok: true,
      detail: expect.stringMatching(/^not set \(INVOICE_TARGET_URL\).*none is uploaded/),
    },
  ]);
});
