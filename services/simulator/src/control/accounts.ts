/** Control calls about accounts and their tokens. */

import type { SimulatorState } from '../server/simulator-state.ts';
import { addAccount, endTokens, issueCode } from '../world/accounts.ts';
import type { Account } from '../world/model.ts';
import { BadRequest, type ControlCall, type ControlRequest, parseBody } from './call.ts';
import { AccountBody, ExpireBody } from './schemas.ts';

const ACCOUNT = '/control/accounts/:name';
const TOKENS = { access: 'accessTokens', refresh: 'refreshTokens', sof: 'sofTokens' } as const;

export function accountCalls(state: SimulatorState): ControlCall[] {
  const make = ({ body }: ControlRequest) => accountReport(addAccount(state.world, parseBody(AccountBody, body)));
  const list = () => ({ accounts: [...state.world.accounts.values()].map(accountReport) });
  const code = ({ name }: ControlRequest) => ({ code: issueCode(state.world, accountNamed(state, name)).value });
  return [
    {
      method: 'POST',
      url: '/control/accounts',
      description: 'makes an account; what is left out is invented',
      handle: make,
    },
    { method: 'GET', url: '/control/accounts', description: 'all accounts with their secrets', handle: list },
    {
      method: 'GET',
      url: ACCOUNT,
      description: 'one, by seller id or name',
      handle: ({ name }) => accountReport(accountNamed(state, name)),
    },
    {
      method: 'PATCH',
      url: ACCOUNT,
      description: 'changes it (a new password, lifetimes)',
      handle: (request) => changeAccount(state, request),
    },
    {
      method: 'POST',
      url: `${ACCOUNT}/expire`,
      description: 'ends its tokens now: {"tokens":["access","refresh","sof"]}',
      handle: (request) => expireTokens(state, request),
    },
    {
      method: 'POST',
      url: `${ACCOUNT}/codes`,
      description: 'an authorisation code, as the consent page would hand out',
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

export function accountNamed(state: SimulatorState, name: string): Account {
  const account = state.world.account(name);
  if (!account) throw new BadRequest(`no account ${name}: POST /control/accounts makes one`);
  return account;
}

function changeAccount(state: SimulatorState, { name, body }: ControlRequest) {
  const account = accountNamed(state, name);
  const { sellerId, lifetimes, ...rest } = parseBody(AccountBody, body);
  if (sellerId) throw new BadRequest('sellerId cannot be changed');
  Object.assign(account, rest);
  Object.assign(account.lifetimes, lifetimes);
  return accountReport(account);
}

function expireTokens(state: SimulatorState, { name, body }: ControlRequest) {
  const account = accountNamed(state, name);
  endTokens(
    account,
    parseBody(ExpireBody, body).tokens.map((kind) => TOKENS[kind]),
  );
  return accountReport(account);
}
