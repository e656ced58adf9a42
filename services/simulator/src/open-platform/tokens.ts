/** Codes and refresh tokens become access tokens, each once. */

import { Refusal } from '../server/refusal.ts';
import { isOver, issueTokens } from '../world/accounts.ts';
import type { Account, Token } from '../world/model.ts';
import type { World } from '../world/world.ts';
import type { TokenCall } from './gateway.ts';

export const TOKEN_CALLS: readonly TokenCall[] = [
  {
    path: '/auth/token/create',
    withoutToken: true,
    methods: ['GET', 'POST'],
    parameters: { code: true },
    handle: ({ state: { world }, parameters, appKey }) => {
      const found = world.byToken('codes', parameters.code ?? '');
      const invalid = (reason: 'unknown_code' | 'code_used_twice') =>
        new Refusal(reason, 'InvalidCode', 'Invalid authorization code');
      if (!found || found.account.appKey !== appKey || isOver(world, found.token)) throw invalid('unknown_code');
      if (found.token.spent) throw invalid('code_used_twice');
      return { bare: newPair(world, found.account, found.token, 'country_user_info') };
    },
  },
  {
    path: '/auth/token/refresh',
    withoutToken: true,
    methods: ['GET', 'POST'],
    parameters: { refresh_token: true },
    handle: ({ state: { world }, parameters, appKey }) => {
      const found = world.byToken('refreshTokens', parameters.refresh_token ?? '');
      const illegal = (
        reason: 'unknown_refresh_token' | 'refresh_token_used_twice' | 'expired_refresh_token',
        asked = false,
      ) => new Refusal(reason, 'IllegalRefreshToken', 'The specified refresh token is invalid or expired', { asked });
      if (!found || found.account.appKey !== appKey) throw illegal('unknown_refresh_token');
      if (found.token.spent) throw illegal('refresh_token_used_twice');
      if (isOver(world, found.token)) throw illegal('expired_refresh_token', found.token.revoked);
      if (found.account.refreshEndsAccess) found.account.accessTokens = [];
      return { bare: newPair(world, found.account, found.token, 'country_user_info_list') };
    },
  },
];

function newPair(world: World, account: Account, used: Token, listName: string): object {
  used.spent = true;
  const { access, refresh } = issueTokens(world, account);
  const countries = [account.country, ...(account.alsoIn ?? [])].map((one) => one.toLowerCase());
  return {
    access_token: access.value,
    refresh_token: refresh.value,
    expires_in: account.lifetimes.accessSeconds,
    refresh_expires_in: account.lifetimes.refreshSeconds,
    country: countries.length > 1 ? 'cb' : countries[0],
    account: `${account.name}@shop.example`,
    account_id: null,
    account_platform: 'seller_center',
    [listName]: countries.map((country) => ({
      ...{ country, seller_id: account.sellerId, user_id: account.sellerId },
      short_code: account.name.toUpperCase(),
    })),
  };
}
