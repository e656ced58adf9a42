/** Tries an account's credentials, for whoever asks whether they work: the SOF login, and tokens that end soon. */
import {
  type Account,
  type AccountCheck,
  asFailure,
  type Failure,
  HOUR,
  type OpenPlatformCredentials,
  type Tokens,
} from '@lazada-sof/orders';
import type { LazadaCalls } from '../lazada/calls.ts';
import type { SofCalls } from '../sof/calls.ts';

type AccountCheckParts = {
  readonly lazada: LazadaCalls;
  readonly sof: SofCalls;
  /** Those that are content with no stored token tell whether the password works; others, whether there is a token. */
  readonly tokens: Tokens;
};

type CheckedAccount = {
  readonly checks: readonly AccountCheck[];
  /** The gravest failure: the one that parks the account, else the first. Null: everything works. */
  readonly failure: Failure | null;
};

/** An access token that ends within this time is renewed now. */
const ENDS_SOON_MS = 48 * HOUR;

export type AccountChecks = {
  /** Never throws a failure of the outside: it becomes a check that is not ok. */
  check(account: Account, signal?: AbortSignal): Promise<CheckedAccount>;
};

export function accountChecks(
  { lazada, sof, tokens }: AccountCheckParts,
  clock: () => number = Date.now,
): AccountChecks {
  const lazadaCalls = lazada.withTokens(tokens);
  const sofCalls = sof.withTokens(tokens);
  return {
    async check(account, signal) {
      const results = [await checkAccessToken(lazadaCalls, tokens, account, clock())];
      if (account.sofDriver === 'sofp') results.push(await checkSofLogin(sofCalls, account, signal));
      const failures = results.flatMap(({ failure }) => failure ?? []);
      const failure = failures.find(({ kind }) => kind === 'misconfigured') ?? failures[0] ?? null;
      return { checks: results.map(({ check }) => check), failure };
    },
  };
}

type Result = { readonly check: AccountCheck; readonly failure?: Failure };

const FIXES = {
  access_token: 'let the seller give consent again: sof account authorize',
  sof_login: 'set the user name and password that the SOF module accepts: sof account set',
};

const checkSofLogin = (sof: SofCalls, account: Account, signal: AbortSignal | undefined): Promise<Result> =>
  resultOf('sof_login', async () => {
    await sof.token(account, signal);
    return 'the SOF module accepts the user name and password';
  });

const checkAccessToken = (lazada: LazadaCalls, tokens: Tokens, account: Account, now: number): Promise<Result> =>
  resultOf('access_token', async () => {
    const credentials = await tokens.openPlatform(account.accountId);
    if (!endsSoon(credentials, now))
      return `the access token ends ${credentials.accessTokenExpiresAt?.toISOString() ?? 'at an untold time'}`;
    const renewed = await lazada.renew(account, credentials);
    return `the access token was renewed and ends ${renewed.accessTokenExpiresAt?.toISOString() ?? 'at an untold time'}`;
  });

const endsSoon = ({ accessTokenExpiresAt }: OpenPlatformCredentials, now: number) =>
  accessTokenExpiresAt !== null && accessTokenExpiresAt.getTime() - now < ENDS_SOON_MS;

/** Only what the account's owner can mend gets a way out; what passes by itself needs none. */
async function resultOf(check: keyof typeof FIXES, attempt: () => Promise<string>): Promise<Result> {
  try {
    return { check: { check, ok: true, detail: await attempt() } };
  } catch (error) {
    const failure = asFailure(error);
    const fix = failure.kind === 'misconfigured' ? { fix: FIXES[check] } : {};
    return { check: { check, ok: false, detail: failure.message, ...fix }, failure };
  }
}
