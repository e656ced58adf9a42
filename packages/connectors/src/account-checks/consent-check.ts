/** The seller has come back from the consent page: what his code is worth, in words. */
import {
  type Account,
  type AccountCheck,
  CONSENT_CHECK,
  type Consents,
  type ConsentTokens,
  consentAgain,
} from '@lazada-sof/orders';
import type { LazadaCalls } from '../lazada/calls.ts';

export type ConsentCheck = {
  /** Null: nobody has come back. Never throws a failure of the outside. */
  check(account: Account): Promise<AccountCheck | null>;
};

type ConsentParts = { readonly lazada: Pick<LazadaCalls, 'consent'>; readonly consents: Pick<Consents, 'exchange'> };

export const consentCheck = ({ lazada, consents }: ConsentParts): ConsentCheck => ({
  async check(account) {
    const outcome = await consents.exchange(account.accountId, (code) => lazada.consent(account, code));
    if (outcome === null) return null;
    if (outcome.ok) return { check: CONSENT_CHECK, ok: true, detail: keptWords(outcome.made) };
    const { failure } = outcome;
    // The code was not used up by what passes: while its link is open it may be given again.
    const isSpent = failure.kind === 'misconfigured' || failure.kind === 'rejected';
    const again = `give the same code again within half an hour: sof account authorize ${account.name}`;
    return {
      check: CONSENT_CHECK,
      ok: false,
      detail: failure.message,
      fix: isSpent ? consentAgain(account.name) : again,
    };
  },
});

function keptWords({ shop, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt }: ConsentTokens): string {
  const whose = [shop.country.toUpperCase(), shop.shortCode, shop.sellerId && `seller ${shop.sellerId}`].filter(
    Boolean,
  );
  const until = `the access token ends ${accessTokenExpiresAt.toISOString()}`;
  const renewed = refreshTokenExpiresAt
    ? `, the refresh token ${refreshTokenExpiresAt.toISOString()}`
    : refreshToken === ''
      ? ' and cannot be renewed: the seller has to consent again before'
      : '';
  return `the seller consented for ${whose.join(', ')}; ${until}${renewed}`;
}
