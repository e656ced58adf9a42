export { isConfidential, type NameKind, nameKind } from './names.ts';
export { oneLine, printable, printableJson } from './printable.ts';
export { REDACTED } from './redacted.ts';
export { type Redacting, redactText } from './text.ts';
export { redactValue } from './value.ts';
export { keepWords, rememberSecrets } from './values/known-secrets.ts';
