/** The foreign inputs that are tried: a file each. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const USUAL = '.fuzz.ts';
/** Too slow for every `npm test`. */
const SLOW = '.slow-fuzz.ts';

const namesOf = (ending: string) =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();

export const USUAL_NAMES: readonly string[] = namesOf(USUAL);
export const SLOW_NAMES: readonly string[] = namesOf(SLOW);

export const fileOf = (name: string): string => `${FOLDER}${name}${SLOW_NAMES.includes(name) ? SLOW : USUAL}`;
