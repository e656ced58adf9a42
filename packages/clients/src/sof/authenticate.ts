import { z } from 'zod';
import type { Connections } from '../http/connections.ts';
import { excerptOf } from '../http/excerpt.ts';
import { parseJson } from '../http/json.ts';
import { factsOf, type HttpAnswer, type HttpRequest } from '../http/request.ts';
import { answerError } from './answer-error.ts';
import { LoginRefusedError, NoTokenInAnswerError } from './errors.ts';

/** Where and how to log in: the exact path and the names of the body's two fields. */
export type AuthenticateSettings = {
  readonly baseUrl: string;
  readonly authPath: string;
  readonly usernameField: string;
  readonly passwordField: string;
};
export type Login = { readonly username: string; readonly password: string };
export type Token = { readonly token: string; readonly expiresAt: Date };

const WHOLE_MS = 30_000;
export const LARGEST_ANSWER = 5 * 1024 * 1024;
/** The life of a token that does not tell its own. */
const ASSUMED_LIFE_MS = 300_000;

/** Logs in. @throws LoginRefusedError, NoTokenInAnswerError, or what any request may throw */
export async function authenticate(
  connections: Connections,
  settings: AuthenticateSettings,
  login: Login,
  { signal, now = new Date() }: { signal?: AbortSignal | undefined; now?: Date } = {},
): Promise<Token> {
  const request: HttpRequest = {
    method: 'POST',
    url: new URL(`${settings.baseUrl}${settings.authPath}`),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ [settings.usernameField]: login.username, [settings.passwordField]: login.password }),
    wholeMs: WHOLE_MS,
    largestAnswer: LARGEST_ANSWER,
    signal,
  };
  const answer = await connections.send(request);
  refuse(answer, request, login);
  const token = tokenIn(answer.body);
  if (token === null) throw noToken(answer, request, login);
  return { token, expiresAt: expiryOf(token) ?? new Date(now.getTime() + ASSUMED_LIFE_MS) };
}

function refuse(answer: HttpAnswer, request: HttpRequest, login: Login) {
  const error = answerError(answer, request, [login.password]);
  if (error === null) return;
  const { httpStatus, excerpt } = error;
  if (httpStatus !== 400 && httpStatus !== 401) throw error;
  const facts = { request: factsOf(request), httpStatus, excerpt, cause: error };
  throw new LoginRefusedError(`the login of "${login.username}" was refused with ${httpStatus}`, facts);
}

const TokenAnswer = z.object({
  access_token: z.string().min(1).optional(),
  token: z.string().min(1).optional(),
  jwt: z.string().min(1).optional(),
});

/** The field's name is not documented: whichever of the known ones is there. */
function tokenIn(body: Buffer): string | null {
  const { data } = TokenAnswer.safeParse(json(body));
  return data?.access_token ?? data?.token ?? data?.jwt ?? null;
}

function json(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

const noToken = (answer: HttpAnswer, request: HttpRequest, login: Login) =>
  new NoTokenInAnswerError(`answered ${answer.status} without access_token, token or jwt`, {
    request: factsOf(request),
    httpStatus: answer.status,
    excerpt: excerptOf(answer.body, [login.password]),
  });

const Claims = z.object({ exp: z.number() });

/** The `exp` of a JWT; null for a token that is none or tells no end that is a date. Its signature is the server's business. */
function expiryOf(token: string): Date | null {
  const claims = Claims.safeParse(json(Buffer.from(token.split('.')[1] ?? '', 'base64url')));
  const at = new Date(claims.success ? claims.data.exp * 1_000 : Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}
