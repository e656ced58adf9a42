/**
 * Blacks out secrets and buyers' data in whatever is about to be logged: by the name of a field, by the form of a text
 * (passwords in addresses, signed queries, authorization headers), and by value for the secrets of the settings.
 */
import { isDate, isNativeError } from 'node:util/types';

export const REDACTED = '[redacted]';

const SECRET_WORDS =
  'password|passwd|secret|authorization|accesstoken|refreshtoken|softoken|apitoken|idtoken|jwt|cookie|apikey|encryptionkeys';
const SECRET_NAME = new RegExp(`(${SECRET_WORDS})$|^(token|sign|signature|session)$`);
const BUYER_NAME =
  /^(customer|buyer|recipient|receiver|consignee|billing|shipping)?(firstname|lastname|fullname|phone\d?|mobile|email|address\d?|addressbilling|addressshipping|taxcode|nationalregistrationnumber)$|^(customer|buyer|recipient|receiver|consignee)(name)?$/;

/** Every line of a log names the same few fields. */
const judged = new Map<string, boolean>();
const MOST_JUDGED = 1_000;

/** True for a field whose value is nobody's business, however it is spelled (`app_secret`, `App-Secret`, `appSecret`). */
export function isConfidential(field: string): boolean {
  const known = judged.get(field);
  if (known !== undefined) return known;
  const verdict = judge(field);
  if (judged.size < MOST_JUDGED) judged.set(field, verdict);
  return verdict;
}

function judge(field: string): boolean {
  const name = field.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return SECRET_NAME.test(name) || BUYER_NAME.test(name);
}

const IN_TEXT =
  'access_token|refresh_token|app_secret|app_key_secret|sign|signature|password|passwd|secret|token|jwt|code';
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${REDACTED}@`],
  // ?sign=…&access_token=…
  [new RegExp(`([?&](?:${IN_TEXT})=)[^&\\s"'#]+`, 'gi'), `$1${REDACTED}`],
  // "password":"…" inside an excerpt of a body
  [
    new RegExp(
      `("(?:${IN_TEXT}|[a-z_]*(?:phone|address|first_name|last_name|email)[a-z0-9_]*)"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`,
      'gi',
    ),
    `$1"${REDACTED}"`,
  ],
  // Authorization: JWT …, Bearer …
  [/\b(JWT|Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, `$1 ${REDACTED}`],
];

export type Redact = {
  text(written: string): string;
  /** A copy that is safe to log: errors become plain, cycles and depth are cut. */
  value(value: unknown): unknown;
};

/** Shorter values would black out ordinary words. */
const SHORTEST_SECRET = 6;
const DEEPEST = 8;

export function createRedact(secrets: readonly string[] = []): Redact {
  const planted = [...new Set(secrets.flatMap(partsOf))]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);

  const text = (written: string): string => {
    const known = planted.reduce((left, secret) => left.replaceAll(secret, REDACTED), written);
    return PATTERNS.reduce((left, [pattern, replacement]) => left.replaceAll(pattern, replacement), known);
  };

  const value = (raw: unknown, depth = 0): unknown => {
    if (typeof raw === 'string') return text(raw);
    if (typeof raw === 'bigint') return String(raw);
    if (typeof raw !== 'object' || raw === null || isDate(raw)) return raw;
    if (depth >= DEEPEST) return '[deep]';
    if (Buffer.isBuffer(raw)) return `[${raw.length} bytes]`;
    if (Array.isArray(raw)) return raw.map((one) => value(one, depth + 1));
    return fields(isNativeError(raw) ? plainError(raw) : raw, depth);
  };
  const fields = (object: object, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(object).map(([name, field]) => [
        name,
        isConfidential(name) && field !== null && typeof field !== 'boolean' ? REDACTED : value(field, depth + 1),
      ]),
    );
  return { text, value: (raw) => value(raw) };
}

/** An expected failure says its `kind` and needs no stack; everything else does. */
function plainError(error: Error): object {
  const { name, message, cause, stack } = error;
  return {
    name,
    message,
    ...('code' in error && { code: error.code }),
    ...('kind' in error ? { kind: error.kind } : { stack }),
    ...(cause !== undefined && { cause }),
  };
}

/** A secret as it may turn up: whole, and the password within an address or the keys within a list. */
function partsOf(secret: string): readonly string[] {
  if (URL.canParse(secret) && secret.includes('://')) {
    const { password } = new URL(secret);
    return [password, decode(password)];
  }
  return [secret, ...secret.split(',').map((part) => part.slice(part.indexOf(':') + 1))];
}

function decode(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
