/** Tries an account's credentials, for whoever asks whether they work: the SOF login, and tokens that end soon. */
import {
  type Account,
  type AccountCheck,
  asFailure,
  type Failure,
  HOUR,
  type Limiter,
  type OpenPlatformCredentials,
  type Tokens,
} from '@lazada-sof/orders';
import type { Watch } from '../calls/instrumented.ts';
import { type LazadaCalls, type LazadaSettings, openLazadaCalls } from '../lazada/calls.ts';
import { openSofTools, type SofpSettings } from '../sof/fleet-sofp.ts';
import { type SofLogin, sofLogin } from '../sof/login.ts';

export type AccountCheckParts = Pick<Watch, 'onRequest'> & {
  /** Those that are content with no stored token tell whether the password works; others, whether there is a token. */
  readonly tokens: Tokens;
  readonly limiter: Limiter;
  readonly settings: { readonly sofp: SofpSettings; readonly lazada: LazadaSettings };
  readonly onUnknownCode?: ((code: string) => void) | undefined;
};

export type CheckedAccount = {
  readonly checks: readonly AccountCheck[];
  /** The gravest failure: the one that parks the account, else the first. Null: everything works. */
  readonly failure: Failure | null;
};

/** An access token that ends within this time is renewed now. */
const ENDS_SOON_MS = 48 * HOUR;

export type AccountChecks = {
  /** Never throws a failure of the outside: it becomes a check that is not ok. */
  check(account: Account, signal?: AbortSignal): Promise<CheckedAccount>;
  close(): void;
};

/** With its own kept connections: close it when it is not needed any more. */
export function accountChecks(parts: AccountCheckParts, clock: () => number = Date.now): AccountChecks {
  const { tokens, settings } = parts;
  const sof = openSofTools({ ...parts, settings: settings.sofp });
  const calls = openLazadaCalls({ ...parts, settings: settings.lazada });
  const login = sofLogin(sof);
  return {
    async check(account, signal) {
      const results = [await checkAccessToken(calls, tokens, account, clock())];
      if (account.sofDriver === 'sofp') results.push(await checkSofLogin(login, account, signal));
      const failures = results.flatMap(({ failure }) => failure ?? []);
      const failure = failures.find(({ kind }) => kind === 'misconfigured') ?? failures[0] ?? null;
      return { checks: results.map(({ check }) => check), failure };
    },
    close() {
      sof.sof.close();
      calls.close();
    },
  };
}

type Result = { readonly check: AccountCheck; readonly failure?: Failure };

const FIXES = {
  access_token: 'let the seller give consent again: sof account authorize',
  sof_login: 'set the user name and password that the SOF module accepts: sof account set',
};

const checkSofLogin = (login: SofLogin, account: Account, signal: AbortSignal | undefined): Promise<Result> =>
  tried('sof_login', async () => {
    await login.token(account, signal);
    return 'the SOF module accepts the user name and password';
  });

const checkAccessToken = (calls: LazadaCalls, tokens: Tokens, account: Account, now: number): Promise<Result> =>
  tried('access_token', async () => {
    const held = await tokens.openPlatform(account.accountId);
    if (!endsSoon(held, now))
      return `the access token ends ${held.accessTokenExpiresAt?.toISOString() ?? 'at an untold time'}`;
    const renewed = await calls.renew(account, held);
    return `the access token was renewed and ends ${renewed.accessTokenExpiresAt?.toISOString() ?? 'at an untold time'}`;
  });

const endsSoon = ({ accessTokenExpiresAt }: OpenPlatformCredentials, now: number) =>
  accessTokenExpiresAt !== null && accessTokenExpiresAt.getTime() - now < ENDS_SOON_MS;

/** Only what the account's owner can mend gets a way out; what passes by itself needs none. */
async function tried(check: keyof typeof FIXES, attempt: () => Promise<string>): Promise<Result> {
  try {
    return { check: { check, ok: true, detail: await attempt() } };
  } catch (error) {
    const failure = asFailure(error);
    const fix = failure.kind === 'misconfigured' ? { fix: FIXES[check] } : {};
    return { check: { check, ok: false, detail: failure.message, ...fix }, failure };
  }
}
