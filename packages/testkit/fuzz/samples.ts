import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The recorded files of a folder, by their names; what is written about them is none. */
export function samplesOf(folder: string, ending = ''): ReadonlyMap<string, Buffer> {
  const path = fileURLToPath(new URL(`../../../${folder}/`, import.meta.url));
  const names = readdirSync(path).filter((name) => /^\d/.test(name) && name.endsWith(ending));
  return new Map(names.sort().map((name) => [name, readFileSync(path + name)]));
}
