/** What may be shown of an answer: its beginning on one line, without secrets and buyers' data. */

const REDACTED = '[redacted]';
const LONGEST = 500;
/** Redaction looks at this much, so that no secret is cut in two at the end of what is shown. */
const LOOKED_AT = 8 * LONGEST;

const SECRET_FIELDS =
  'password|passwd|secret|app_secret|token|access_token|refresh_token|id_token|jwt|sign|signature|authorization|code_verifier';
const BUYER_FIELDS =
  '[a-z_]*(?:first_?name|last_?name|full_?name|customer_?name|buyer_?name|recipient|receiver|phone|mobile|email|address|city|post_?code|zip)[a-z0-9_]*';

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // "access_token": "…", also where the excerpt ends within the value
  [new RegExp(`("(?:${SECRET_FIELDS}|${BUYER_FIELDS})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*(?:"|$)`, 'gi'), `$1"${REDACTED}"`],
  // sign=…&access_token=…
  [new RegExp(`\\b((?:${SECRET_FIELDS})=)[^&\\s"'<>]+`, 'gi'), `$1${REDACTED}`],
  [/\b(JWT|Bearer|Basic)\s+[\w.~+/=-]{8,}/g, `$1 ${REDACTED}`],
  // a token by its form, wherever it stands
  [/\beyJ[\w-]{8,}(?:\.[\w-]+)*/g, REDACTED],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, REDACTED],
];

/** The first 500 characters, readable on one line; `secrets` are blacked out wherever they stand. */
export function excerptOf(answer: Buffer | string, secrets: readonly string[] = []): string {
  const line = answer.slice(0, LOOKED_AT).toString().replaceAll(/\s+/g, ' ').trim();
  return redact(line, secrets).slice(0, LONGEST);
}

function redact(text: string, secrets: readonly string[]): string {
  const known = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .reduce((left, secret) => left.replaceAll(secret, REDACTED), text);
  return PATTERNS.reduce((left, [pattern, replacement]) => left.replaceAll(pattern, replacement), known);
}
