/** A copy of any value that may be written down: what is confidential by name is gone, every text is redacted. */
import { isDate, isNativeError } from 'node:util/types';
import { nameKind } from './names.ts';
import { REDACTED } from './redacted.ts';
import { redactName, redactText } from './text.ts';

const DEEPEST = 8;

/** Errors become plain; cycles and depth are cut. */
export const redactValue = (value: unknown): unknown => copyOf(value, 0);

function copyOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || isDate(value)) return value;
  if (depth >= DEEPEST) return '[deep]';
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.map((one) => copyOf(one, depth + 1));
  return fieldsOf(isNativeError(value) ? plainError(value) : value, depth);
}

const fieldsOf = (object: object, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(object).map(([name, field]) => [
      redactName(name),
      isHidden(name, field) ? REDACTED : copyOf(field, depth + 1),
    ]),
  );

/** What is only there or not there (`passwordSet: true`) may be seen. */
function isHidden(name: string, field: unknown): boolean {
  const kind = nameKind(name);
  if (kind === null || field === null || field === undefined || typeof field === 'boolean') return false;
  return kind !== 'holder' || typeof field === 'object';
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
