/** What a check of its credentials, or the failure of one call, means for an account: the one place that decides it. */
import type { Failure } from './failure.ts';
import type { ParkedStatus } from './order.ts';

export type AccountVerdict =
  | { readonly kind: 'park'; readonly status: ParkedStatus; readonly reason: string }
  /** It goes on, where it was parked. */
  | { readonly kind: 'unpark' }
  | { readonly kind: 'leave' };

/** Code of a failure that says only that the account is parked: whoever tried its credentials has written down why. */
export const ACCOUNT_PARKED = 'account_parked';

/** Where a connector named none. */
const UNNAMED: ParkedStatus = 'auth_failed';
const LEAVE: AccountVerdict = { kind: 'leave' };

/**
 * `failure`: that of a call, or the gravest one of a check; null: a check found that everything works. `ifActive`: nobody
 * asked whether the account works again, so nothing un-parks it.
 */
export function accountVerdict(
  failure: Failure | null,
  { ifActive = false }: { readonly ifActive?: boolean } = {},
): AccountVerdict {
  if (failure === null) return ifActive ? LEAVE : { kind: 'unpark' };
  if (failure.kind !== 'misconfigured' || failure.code === ACCOUNT_PARKED || failure.stillWorks) return LEAVE;
  return { kind: 'park', status: failure.accountStatus ?? UNNAMED, reason: failure.message };
}
