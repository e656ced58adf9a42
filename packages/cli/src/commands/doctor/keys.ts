/** Which keys the secrets of accounts need. Opens none of them. */
import { parseKeys, type SealedWith } from '@lazada-sof/db';
import type { Config } from '@lazada-sof/runtime';
import { withDb } from '../connections.ts';
import { type Finding, good, odd, red } from './finding.ts';
import type { Room } from './rooms.ts';

const CHECK = 'keys';

export const keysRoom = (settings: Config<'database' | 'keys'>): Room => ({
  name: CHECK,
  limitMs: 30_000,
  fix: 'accounts are read from the database: mend what is said of that first',
  look: () =>
    withDb(settings, async ({ sealing }) =>
      keysFindings(await sealing.sealedWith(), [...parseKeys(settings.keys.encryption).keys.keys()]),
    ),
});

/** `keyIds`: those of ENCRYPTION_KEYS, the first one first. */
export function keysFindings(sealedWith: readonly SealedWith[], keyIds: readonly string[]): Finding[] {
  const [first = ''] = keyIds;
  const told = sealedWith.flatMap((one) => findingOf(one, keyIds));
  if (told.length > 0) return told;
  const idle = keyIds.slice(1);
  return [
    good(
      CHECK,
      `no secret needs another key than ${first}${idle.length > 0 ? `; ${idle.join(', ')} can be taken out` : ''}`,
    ),
  ];
}

function findingOf({ keyId, secrets, account }: SealedWith, keyIds: readonly string[]): Finding[] {
  const what = `${secrets} ${secrets === 1 ? 'secret' : 'secrets'} (of ${account}${secrets === 1 ? '' : ' and others'})`;
  if (keyId === null)
    return [
      odd(
        CHECK,
        `${what} as a host wrote them, not sealed`,
        'where that stays so for a minute, look whether scheduler and status-sync run; sof rotate-keys seals them now',
      ),
    ];
  if (!keyIds.includes(keyId))
    return [
      red(
        CHECK,
        `${what} sealed with key ${keyId}, which is not among ENCRYPTION_KEYS; nobody can open them`,
        `put ${keyId} back behind the first; where it is lost, set them again (sof account set)`,
      ),
    ];
  if (keyId === keyIds[0]) return [];
  return [
    odd(CHECK, `${what} sealed with key ${keyId}, and not with the first`, 'sof rotate-keys, and then take it out'),
  ];
}
