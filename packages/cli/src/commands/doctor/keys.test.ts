import { expect, test } from '@jest/globals';
import type { SealedWith } from '@lazada-sof/db';
import { keysFindings } from './keys.ts';

const sealed = (keyId: string | null, secrets = 4): SealedWith => ({ keyId, secrets, account: 'shop-7' });

test.each<[says: string, found: SealedWith[], keyIds: string[], detail: RegExp]>([
  ['there is no secret yet', [], ['k1'], /no secret needs another key than k1$/],
  ['all are sealed with the first', [sealed('k1')], ['k1'], /no secret needs another key than k1$/],
  ['others are of no use any more', [sealed('k2')], ['k2', 'k1'], /than k2; k1 can be taken out$/],
])('all is well where %s', (_, found, keyIds, detail) => {
  expect(keysFindings(found, keyIds)).toEqual([{ check: 'keys', ok: true, detail: expect.stringMatching(detail) }]);
});

test.each<[says: string, found: SealedWith, ok: boolean, detail: RegExp, fix: RegExp]>([
  ['plain ones', sealed(null, 1), true, /^1 secret \(of shop-7\) .*not sealed/, /scheduler and status-sync/],
  ['those of an older key', sealed('k1'), true, /^4 secrets \(of shop-7 and others\) .*key k1/, /rotate-keys/],
  ['those of a key that is gone', sealed('k0'), false, /key k0, which is not among ENCRYPTION_KEYS/, /put k0 back/],
])('%s are told', (_, found, ok, detail, fix) => {
  expect(keysFindings([found, sealed('k2')], ['k2', 'k1'])).toEqual([
    {
      ...{ check: 'keys', ok, ...(ok && { warn: true }) },
      ...{ detail: expect.stringMatching(detail), fix: expect.stringMatching(fix) },
    },
  ]);
});
