/** The SOF module's login: user name and password become a token that ends after a while. */
import { createHmac, randomBytes } from 'node:crypto';
import { type Answer, type Call, type Endpoint, jsonAnswer } from '../server/call.ts';
import { Refusal } from '../server/refusal.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { keepToken } from '../world/accounts.ts';
import type { Account } from '../world/model.ts';
import { bodyFields, readBody, refusable } from './request.ts';

const JWT_KEY = randomBytes(32);

export function sofSignIn(state: SimulatorState): Endpoint {
  return {
    api: 'sof',
    name: 'sof/auth',
    accountOf: (call) => state.world.bySofUsername(String(bodyFields(call).username ?? ''))?.sellerId ?? null,
    handle: (call) => refusable(call, () => authenticate(state, call)),
  };
}

function authenticate(state: SimulatorState, call: Call): Answer {
  const body = readBody(call, ['username', 'password']);
  const account = state.world.bySofUsername(body.username ?? '');
  if (!account || account.sofPassword !== body.password)
    throw new Refusal('wrong_password', '401', 'Unable to log in with provided credentials.');
  return jsonAnswer(200, { access_token: newToken(state, account) });
}

function newToken(state: SimulatorState, account: Account): string {
  const seconds = account.lifetimes.sofSeconds;
  const issued = Math.floor(state.world.now() / 1000);
  const claims = { sub: account.sofUsername, iat: issued, exp: issued + seconds, jti: state.world.ids.secret('jwt') };
  const value = jwt(claims);
  keepToken(state.world, account.sofTokens, value, seconds);
  return value;
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', JWT_KEY).update(text).digest('base64url')}`;
}
