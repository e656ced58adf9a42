/** What this machine's environment says. */

/** What a child process inherits of the machine's environment: where programs and temporary files are, nothing else. */
export function childEnv(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** A queue that is there already and shall be used. */
export const queueUrlFromEnv = (): string | undefined => process.env.QUEUE_URL || undefined;
