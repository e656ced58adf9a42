/** Control calls about accounts and their tokens. */

import type { Desk } from '../server/serve-call.ts';
import { addAccount, endTokens, issueCode } from '../world/accounts.ts';
import type { Account } from '../world/model.ts';
import { type Asked, type ControlCall, Mistake, read } from './call.ts';
import { AccountBody, ExpireBody } from './schemas.ts';

const ACCOUNT = '/control/accounts/:name';
const TOKENS = { access: 'accessTokens', refresh: 'refreshTokens', sof: 'sofTokens' } as const;

export function accountCalls(desk: Desk): ControlCall[] {
  const make = ({ body }: Asked) => accountReport(addAccount(desk.world, read(AccountBody, body)));
  const list = () => ({ accounts: [...desk.world.accounts.values()].map(accountReport) });
  const code = ({ name }: Asked) => ({ code: issueCode(desk.world, accountNamed(desk, name)).value });
  return [
    { method: 'POST', url: '/control/accounts', does: 'makes an account; what is left out is invented', handle: make },
    { method: 'GET', url: '/control/accounts', does: 'all accounts with their secrets', handle: list },
    {
      method: 'GET',
      url: ACCOUNT,
      does: 'one, by seller id or name',
      handle: ({ name }) => accountReport(accountNamed(desk, name)),
    },
    {
      method: 'PATCH',
      url: ACCOUNT,
      does: 'changes it (a new password, lifetimes)',
      handle: (asked) => changeAccount(desk, asked),
    },
    {
      method: 'POST',
      url: `${ACCOUNT}/expire`,
      does: 'ends its tokens now: {"tokens":["access","refresh","sof"]}',
      handle: (asked) => expire(desk, asked),
    },
    {
      method: 'POST',
      url: `${ACCOUNT}/codes`,
      does: 'an authorisation code, as the consent page would hand out',
      handle: code,
    },
  ];
}

/** The account with its secrets: whoever sets up a test or a demo needs them. */
function accountReport(account: Account) {
  const { accessTokens, refreshTokens, sofTokens, codes, ...rest } = account;
  const access = accessTokens.at(-1);
  const refresh = refreshTokens.at(-1);
  return {
    ...rest,
    accessToken: access?.value ?? null,
    accessTokenExpiresAt: access ? new Date(access.expiresAt).toISOString() : null,
    refreshToken: refresh?.value ?? null,
    refreshTokenExpiresAt: refresh ? new Date(refresh.expiresAt).toISOString() : null,
    tokensIssued: {
      access: accessTokens.length,
      refresh: refreshTokens.length,
      sof: sofTokens.length,
      codes: codes.length,
    },
  };
}

export function accountNamed(desk: Desk, name: string): Account {
  const account = desk.world.account(name);
  if (!account) throw new Mistake(`no account ${name}: POST /control/accounts makes one`);
  return account;
}

function changeAccount(desk: Desk, { name, body }: Asked) {
  const account = accountNamed(desk, name);
  const { sellerId, lifetimes, ...rest } = read(AccountBody, body);
  if (sellerId) throw new Mistake('sellerId cannot be changed');
  Object.assign(account, rest);
  Object.assign(account.lifetimes, lifetimes);
  return accountReport(account);
}

function expire(desk: Desk, { name, body }: Asked) {
  const account = accountNamed(desk, name);
  endTokens(
    account,
    read(ExpireBody, body).tokens.map((kind) => TOKENS[kind]),
  );
  return accountReport(account);
}
