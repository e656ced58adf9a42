/** What may be shown of an answer: its beginning on one line, without secrets, buyers' data and control characters. */
import { redactText, rememberSecrets } from '@lazada-sof/redact';

const LONGEST = 500;
/** Redaction looks at this much, so that it shortens no excerpt and cuts no secret in two at the end of what is shown. */
const LOOKED_AT = 32 * LONGEST;

/** The first 500 characters, readable on one line; `secrets` are what was asked with, and are hidden wherever they stand. */
export function excerptOf(answer: Buffer | string, secrets: readonly string[] = []): string {
  rememberSecrets(secrets);
  const beginning = answer.slice(0, LOOKED_AT).toString();
  return redactText(beginning, { foreign: true }).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST);
}
