import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a child process inherits of the machine's environment: where programs and temporary files are, nothing else. */
export function machineEnv(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** The first of these programs that is on the PATH. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (machineEnv().PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A queue that is there already and shall be used. */
export const queueUrlOfMachine = (): string | undefined => process.env.QUEUE_URL || undefined;
