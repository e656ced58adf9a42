/** Words that may hold what others said: they are kept without secrets, buyers' data and control characters. */
import { redactText } from '@lazada-sof/redact';

/** Null stays null. */
export function wordsToKeep(words: string): string;
export function wordsToKeep(words: string | null): string | null;
export function wordsToKeep(words: string | null): string | null {
  return words === null ? null : redactText(words);
}

/** The fields of an event in which somebody speaks; the others are names and numbers, some of which are looked for. */
const WORDS = ['reason', 'detail'] as const;

export function eventToKeep(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const spoken = WORDS.filter((field) => typeof data[field] === 'string');
  if (spoken.length === 0) return data;
  return { ...data, ...Object.fromEntries(spoken.map((field) => [field, wordsToKeep(String(data[field]))])) };
}
