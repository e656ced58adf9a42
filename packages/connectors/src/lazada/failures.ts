/**
 * What the Open Platform's codes mean: one table. A code that is not in it is taken as `transient`, and is to be counted
 * by its name, so that it gets a row.
 */
import {
  ApiError,
  CALL_LIMITS,
  type ElementOutcome,
  EmptyAnswerError,
  HttpRateLimitError,
  HttpStatusError,
  NotJsonError,
  UnexpectedAnswerError,
} from '@lazada-sof/clients';
import { asFailure, Failure, type FailureDetails, type FailureKind, HOUR, type WaitSchedule } from '@lazada-sof/orders';
import { transportFailure } from '../calls/transport-failures.ts';
import { withConsent, withWayOut } from './ways-out.ts';

type Meaning = {
  readonly kind: FailureKind;
  /** Where the step's error code is a word of ours instead of Lazada's. */
  readonly code?: string;
  readonly accountStatus?: FailureDetails['accountStatus'];
  readonly waitMs?: number;
  readonly codes: readonly string[];
};

const MEANINGS = {
  /** The access token is refused although it has just been renewed. */
  'token refused': {
    kind: 'misconfigured',
    accountStatus: 'reauth_required',
    codes: ['IllegalAccessToken', 'InvalidAccessToken'],
  },
  /** The seller has to give consent again. */
  'consent needed': {
    kind: 'misconfigured',
    accountStatus: 'reauth_required',
    codes: ['IllegalRefreshToken', 'AUTH_TYPE_UNSUPPORTED', 'InvalidCode'],
  },
  'wrong signature': { kind: 'misconfigured', accountStatus: 'auth_failed', codes: ['IncompleteSignature'] },
  'shop not verified': { kind: 'misconfigured', accountStatus: 'auth_failed', codes: ['SellerNotVerified'] },
  /** The app is not let in at all, or not by this shop, or not to this API: no order can mend it. */
  'app not let in': {
    kind: 'misconfigured',
    accountStatus: 'auth_failed',
    codes: [
      ...['AppWhiteIpLimit', 'InvalidAppKey', 'InsufficientPermission', 'AppNotSubscribed', 'InvalidApi'],
      ...['InvalidApiPath', 'E501'],
    ],
  },
  /** MissingParameter, of what stands in every call of the account. */
  'not signed in': { kind: 'misconfigured', accountStatus: 'auth_failed', codes: [] },
  'parameter missing': { kind: 'rejected', codes: ['MissingParameter', 'MISSING_PARAMETER'] },
  'call limit': { kind: 'rate-limited', codes: [...CALL_LIMITS.keys()] },
  /** Lazada has switched the API down for a while, for everybody. */
  downgraded: { kind: 'rate-limited', waitMs: HOUR, codes: ['998'] },
  passing: {
    kind: 'transient',
    codes: [
      ...['ServiceTimeout', 'ServiceUnavailable', '15', '21', '500', '501', '506', '1000', '1002', '1003'],
      ...['40011', '700024'],
    ],
  },
  'bad input': {
    kind: 'rejected',
    codes: [
      ...['14', '16', '17', '19', '20', '23', '24', '25', '26', '29', '31', '32', '35', '36', '37', '38', '39'],
      ...['56', '63', '74', '75', '91', '94', '95', '96', '600001'],
    ],
  },
  /** The order, item or package is not in the state that the call wants: what it is in, only a read can tell. */
  'other state': {
    kind: 'not-ready',
    codes: ['34', '73', '82', '1008', '30012', '600002', '700000', '700026', '700031'],
  },
  'not delivered by the seller': { kind: 'rejected', codes: ['1007', '700009'] },
  'no document for own fleets': { kind: 'rejected', code: 'unsupported', codes: ['50008', '700040'] },
  /** In no row: nobody knows. */
  unknown: { kind: 'transient', codes: [] },
} as const satisfies Record<string, Meaning>;
export type MeaningName = keyof typeof MEANINGS;

const BY_CODE = new Map(
  Object.entries(MEANINGS).flatMap(([name, { codes }]) => codes.map((code) => [code as string, name as MeaningName])),
);

/** Codes that mean several things, told apart by their words alone. */
const BY_WORDS: readonly (readonly [code: string, words: RegExp, MeaningName])[] = [
  ['6', /system[ _]error|busy/i, 'passing'],
  ['6', /invalid|for input string/i, 'bad input'],
  // The name stands behind "parameter", in quotes of any kind, or in front of a detail.
  ['MissingParameter', /(?:parameter\W+|;\s)(?:sign|access_token)\b/i, 'not signed in'],
];

export function meaningOf({ code, message }: { code: string; message: string }): MeaningName {
  const byWords = BY_WORDS.find(([known, words]) => known === code && words.test(message))?.[2];
  return byWords ?? BY_CODE.get(code) ?? (/^7000\d\d$/.test(code) ? 'bad input' : 'unknown');
}

/** A success is told by this code alone. */
export const isSuccess = ({ code }: Pick<ElementOutcome, 'code'>): boolean => code === '0';

/**
 * A refusal of what was asked says nothing of the other members of a batch; any other failure is everybody's, and so is
 * what waits for the account.
 */
export const isAboutContent = ({ kind, schedule }: Failure): boolean =>
  kind === 'rejected' || (kind === 'not-ready' && schedule !== 'account');

/** Lazada answered a batch and left out one of its members. */
export const missingInAnswer = (message: string): Failure =>
  new Failure('transient', message, { code: 'missing_in_answer' });

type Context = {
  /** Whose call it was, for the way out. */
  readonly account?: { readonly name: string };
  /** On which ladder another state is waited for. */
  readonly schedule?: WaitSchedule;
  /** How long to stay away, where a call limit was hit. */
  readonly waitMs?: number | undefined;
};

/** The failure of one element of a batch. Where Lazada itself says that a repetition may help, it is believed. */
export function elementFailure(what: string, { code, message, retry }: ElementOutcome, context: Context = {}): Failure {
  const meaning = meaningOf({ code, message });
  const believed = retry && meaning === 'bad input' ? 'passing' : meaning;
  return failureOf(believed, `${what}: ${code || 'no code'} "${message}"`, code || 'no_code', context);
}

/** The failure of a whole call. */
export function lazadaFailure(what: string, error: unknown, context: Context = {}): Failure {
  if (error instanceof ApiError) {
    const meaning = meaningOf({ code: error.code, message: error.apiMessage });
    return failureOf(meaning, `${what}: ${error.code} "${error.apiMessage}"`, error.code, context, error);
  }
  return statusFailure(what, error, context) ?? transportFailure(what, error) ?? asFailure(error);
}

function failureOf(name: MeaningName, message: string, code: string, context: Context, cause?: ApiError): Failure {
  const { kind, ...meaning }: Meaning = MEANINGS[name];
  const told =
    meaning.accountStatus === 'reauth_required'
      ? withConsent(code, message, context.account?.name)
      : kind === 'misconfigured'
        ? withWayOut(code, message)
        : message;
  return new Failure(kind, told, {
    code: meaning.code ?? code,
    cause,
    ...(meaning.accountStatus && { accountStatus: meaning.accountStatus }),
    ...(kind === 'not-ready' && { schedule: context.schedule ?? 'unknown-package' }),
    ...(kind === 'rate-limited' && waitOf(meaning.waitMs ?? context.waitMs)),
  });
}
const waitOf = (waitMs: number | undefined) => (waitMs === undefined ? {} : { waitMs });

/**
 * Answers without a code of Lazada's. What is no JSON comes from a gateway and passes, and so does a success that holds
 * nothing: the next try reads first. JSON of another form does not.
 */
function statusFailure(what: string, error: unknown, { waitMs }: Context): Failure | null {
  const message = `${what}: ${error instanceof Error ? error.message : ''}`;
  if (error instanceof HttpRateLimitError) {
    return new Failure('rate-limited', message, { code: 'http_429', cause: error, ...waitOf(waitMs) });
  }
  if (error instanceof HttpStatusError) {
    return new Failure('transient', message, { code: `http_${error.httpStatus}`, cause: error });
  }
  if (error instanceof NotJsonError) return new Failure('transient', message, { code: 'not_json', cause: error });
  if (error instanceof EmptyAnswerError)
    return new Failure('transient', message, { code: 'empty_answer', cause: error });
  if (error instanceof UnexpectedAnswerError) {
    return new Failure('rejected', message, { code: 'unexpected_answer', cause: error });
  }
  return null;
}
