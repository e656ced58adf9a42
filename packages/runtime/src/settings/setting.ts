/** One setting: how its text becomes a value, and what a person must know to write it. */
import type { InClearText } from './clear-text.ts';
import type { TextType } from './text-types.ts';

export type Setting<Value = unknown> = {
  readonly name: string;
  readonly meaning: string;
  readonly type: TextType<Value>;
  readonly unit: string | undefined;
  /** As an operator would write it. */
  readonly default: string | undefined;
  /** A value of the right form that is nobody's. */
  readonly example: string | undefined;
  readonly required: boolean;
  /** Never shown; may also come from the file that `<NAME>_FILE` names. */
  readonly secret: boolean;
  /** Of an address beyond us: what becomes of one without TLS. Undefined: nothing secret goes there. */
  readonly inClearText: InClearText | undefined;
};
export type ValueOf<S> = S extends Setting<infer Value> ? Value : never;

/** What is wrong with a value although it has the right form, in words; empty: nothing. */
export type Check<Value> = (value: Value) => readonly string[];

type Described = { meaning: string; unit?: string; example?: string; secret?: boolean; inClearText?: InClearText };

const describe = <Value>(name: string, type: TextType<Value>, described: Described) => ({
  name,
  type,
  meaning: described.meaning,
  unit: described.unit,
  example: described.example,
  secret: described.secret ?? false,
  inClearText: described.inClearText,
});

/** A setting without which a service that uses it does not start. Its example stands in the message about its absence. */
export const required = <Value>(
  name: string,
  type: TextType<Value>,
  described: Described & { example: string },
): Setting<Value> => ({ ...describe(name, type, described), default: undefined, required: true });

/** A setting that has a meaning when it is left out. */
export const optional = <Value>(
  name: string,
  type: TextType<Value>,
  described: Described,
): Setting<Value | undefined> => ({ ...describe(name, type, described), default: undefined, required: false });

/** A setting with a value of ours where none is given. */
export const defaulted = <Value>(
  name: string,
  type: TextType<Value>,
  value: string,
  described: Described,
): Setting<Value> => ({ ...describe(name, type, described), default: value, required: false });

/** The same setting; what the check finds is a mistake like one of its form. */
export const checked = <Value>(setting: Setting<Value>, check: Check<Value> = () => []): Setting<Value> => ({
  ...setting,
  type: setting.type.superRefine((value, context) => {
    const mistakes = check(value);
    if (mistakes.length > 0) context.addIssue({ code: 'custom', message: mistakes.join('; ') });
  }),
});
