/**
 * What the Open Platform checks before a call reaches the shop's side: where the parameters stand, who calls, whether
 * the signature and the token are good, and whether the parameters are known ones.
 */

import { type Answer, type Call, contentType, type Endpoint } from '../server/call.ts';
import { writeJson } from '../server/json.ts';
import { Refusal } from '../server/refusal.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { isOver } from '../world/accounts.ts';
import type { Account } from '../world/model.ts';
import { checkLimits } from './limits.ts';
import { isSignedBy } from './signature.ts';

const SYSTEM = ['app_key', 'timestamp', 'sign_method', 'sign', 'access_token'];
const MOST_MS_OFF = 7_200_000;

type Parameters = Readonly<Record<string, string>>;

export type Request = {
  readonly state: SimulatorState;
  readonly call: Call;
  readonly account: Account;
  readonly parameters: Parameters;
};

/** `data` and `result` are the two envelopes that the calls use; `bare` puts the fields beside `code`. */
export type Reply = { readonly data: unknown } | { readonly result: unknown } | { readonly bare: object };

/** One call of the Open Platform. */
export type OpenPlatformCall = {
  readonly path: string;
  readonly methods: readonly ('GET' | 'POST')[];
  /** True: it must be there. */
  readonly parameters: Readonly<Record<string, boolean>>;
  readonly handle: (request: Request) => Reply | Promise<Reply>;
};

/** A call that is made without an access token: it is what makes one. */
export type TokenCall = Omit<OpenPlatformCall, 'handle'> & {
  readonly withoutToken: true;
  readonly handle: (request: Omit<Request, 'account'> & { readonly appKey: string }) => Reply;
};

export function openPlatformEndpoint(state: SimulatorState, one: OpenPlatformCall | TokenCall): Endpoint {
  return {
    api: 'lazada',
    name: one.path,
    accountOf: (call) => accountOf(state, call)?.sellerId ?? null,
    handle: async (call) => {
      try {
        return ok(state, await admit(state, one, call));
      } catch (error) {
        if (error instanceof Refusal) return refusalAnswer(state, call, error);
        throw error;
      }
    },
  };
}

/** The answer to a path that is none of the Open Platform's. */
export function unknownPath(state: SimulatorState): Endpoint {
  return {
    api: 'lazada',
    name: 'lazada/unknown',
    accountOf: () => null,
    handle: (call) =>
      refusalAnswer(state, call, new Refusal('unknown_path', 'InvalidApiPath', 'The specified API path is invalid')),
  };
}

function admit(state: SimulatorState, one: OpenPlatformCall | TokenCall, call: Call): Reply | Promise<Reply> {
  if (!one.methods.some((method) => method === call.method))
    throw new Refusal('wrong_method', 'UnsupportedHttpMethod', `${one.path} does not take ${call.method}`);
  const parameters = readParameters(call);
  const appKey = checkApp(state, one.path, parameters);
  if ('withoutToken' in one) {
    checkNames(one, parameters);
    return one.handle({ state, call, parameters, appKey });
  }
  const account = checkToken(state, appKey, parameters);
  checkNames(one, parameters);
  checkLimits(state, call, account);
  return one.handle({ state, call, account, parameters });
}

/** GET: all in the query. POST: all in a form, or the system's in the query and the call's own in the form. */
function readParameters(call: Call): Parameters {
  if (call.method === 'GET') {
    if (call.body) throw new Refusal('wrong_body_form', 'MissingParameter', 'a GET has its parameters in the query');
    return singleValues(call.query);
  }
  if (contentType(call) !== 'application/x-www-form-urlencoded')
    throw new Refusal('wrong_body_form', 'MissingParameter', 'a POST has its parameters in a form');
  const misplaced = [...call.query.keys()].find((name) => !SYSTEM.includes(name));
  if (misplaced)
    throw new Refusal('wrong_body_form', 'MissingParameter', `a POST has ${misplaced} in the form, not in the query`);
  return singleValues(new URLSearchParams([...call.query, ...new URLSearchParams(call.body)]));
}

function singleValues(given: URLSearchParams): Parameters {
  const parameters: Record<string, string> = {};
  for (const [name, value] of given) {
    if (name in parameters) throw new Refusal('bad_parameter', '6', `Invalid parameter: ${name} is there twice`);
    if (value === '') throw new Refusal('empty_parameter', '6', `Invalid parameter: ${name} is empty`);
    parameters[name] = value;
  }
  return parameters;
}

function checkApp(state: SimulatorState, path: string, parameters: Parameters): string {
  const { app_key: appKey = '', timestamp = '', sign_method: method = '' } = parameters;
  const missing = ['app_key', 'timestamp', 'sign_method', 'sign'].find((name) => !parameters[name]);
  if (missing) throw new Refusal('missing_parameter', 'MissingParameter', `The input parameter ${missing} is missing`);
  const secret = state.world.appSecret(appKey);
  if (secret === undefined) throw new Refusal('unknown_app', 'InvalidAppKey', 'The specified App Key is invalid');
  if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - state.world.realNow()) > MOST_MS_OFF)
    throw new Refusal(
      'timestamp_off',
      'IllegalTimestamp',
      `The timestamp ${timestamp} is off by more than 7200 seconds`,
    );
  if (method !== 'sha256' || !isSignedBy(path, parameters, secret))
    throw new Refusal(
      'wrong_signature',
      'IncompleteSignature',
      'The request signature does not conform to platform standards',
    );
  return appKey;
}

function checkToken(state: SimulatorState, appKey: string, parameters: Parameters): Account {
  const illegal = (reason: 'unknown_token' | 'expired_token', asked: boolean) =>
    new Refusal(reason, 'IllegalAccessToken', 'The specified access token is invalid or expired', { asked });
  if (!parameters.access_token)
    throw new Refusal('missing_parameter', 'MissingParameter', 'The input parameter access_token is missing');
  const found = state.world.byToken('accessTokens', parameters.access_token);
  if (!found || found.account.appKey !== appKey) throw illegal('unknown_token', false);
  if (isOver(state.world, found.token)) throw illegal('expired_token', found.token.revoked);
  return found.account;
}

function checkNames(one: OpenPlatformCall | TokenCall, parameters: Parameters): void {
  const system = 'withoutToken' in one ? SYSTEM.filter((name) => name !== 'access_token') : SYSTEM;
  const unknown = Object.keys(parameters).find((name) => !system.includes(name) && !(name in one.parameters));
  if (unknown) throw new Refusal('unknown_parameter', '6', `Invalid parameter: ${unknown} is not known`);
  const missing = Object.keys(one.parameters).find((name) => one.parameters[name] && !(name in parameters));
  if (missing) throw new Refusal('missing_parameter', 'MissingParameter', `The input parameter ${missing} is missing`);
}

/** Whose call it is: by its access token, or by its refresh token or code. */
function accountOf(state: SimulatorState, call: Call): Account | undefined {
  const form = new URLSearchParams(call.body);
  const read = (name: string) => call.query.get(name) ?? form.get(name) ?? '';
  return (
    state.world.byToken('accessTokens', read('access_token')) ??
    state.world.byToken('refreshTokens', read('refresh_token')) ??
    state.world.byToken('codes', read('code'))
  )?.account;
}

function ok(state: SimulatorState, reply: Reply): Answer {
  if ('bare' in reply) return envelope(state, { code: '0', ...reply.bare });
  if ('data' in reply) return envelope(state, { code: '0', data: reply.data });
  return envelope(state, { code: '0', result: { success: true, data: reply.result } });
}

function refusalAnswer(state: SimulatorState, call: Call, { reason, asked, code, message }: Refusal): Answer {
  call.refused.push({ reason, asked });
  if (code === '429') return { status: 429, headers: { 'retry-after': '1' }, body: '' };
  return envelope(state, { code, type: 'ISV', message });
}

function envelope(state: SimulatorState, fields: { code: string; [name: string]: unknown }): Answer {
  const { dialect } = state.world.behaviour;
  const code = dialect === 'text' && /^\d+$/.test(fields.code) ? Number(fields.code) : fields.code;
  const requestId = state.world.ids.requestId();
  // The code stands apart, since the dialect that writes numbers as texts writes this one text as a number.
  const rest = writeJson({ ...fields, request_id: requestId }, dialect);
  const body = `{"code":${JSON.stringify(code)},${rest.slice(rest.indexOf(',') + 1)}`;
  return { status: 200, headers: { 'content-type': 'application/json;charset=UTF-8' }, body };
}
