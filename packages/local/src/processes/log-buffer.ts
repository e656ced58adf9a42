/** What a service has logged, readable while it runs. */

export type LogLine = { readonly level?: string; readonly message?: string } & Readonly<Record<string, unknown>>;

export type LogBuffer = {
  /** Where all of it is. */
  readonly file: string;
  /** The newest lines, oldest first. What is no JSON is a line with nothing but `message`. */
  lines(): readonly LogLine[];
  /** The first line from the beginning on that fits, also one that has yet to come. */
  find(fits: (line: LogLine) => boolean, withinMs?: number): Promise<LogLine>;
  /** Called with every line from now on. Answers how to stop that. */
  follow(listener: (line: LogLine) => void): () => void;
};

/** A system that runs for days must not keep all that was ever logged. */
const KEPT = 5_000;

export function openLogBuffer(file: string): LogBuffer & { write(line: string): void } {
  const kept: LogLine[] = [];
  const listeners = new Set<(line: LogLine) => void>();
  const follow = (listener: (line: LogLine) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    file,
    follow,
    lines: () => kept,
    find: (fits, withinMs = 30_000) => {
      const known = kept.find(fits);
      return known ? Promise.resolve(known) : next({ follow, fits, withinMs, file });
    },
    write(text) {
      const line = parse(text);
      kept.push(line);
      if (kept.length > KEPT) kept.shift();
      for (const listener of listeners) listener(line);
    },
  };
}

function next(wanted: {
  follow: LogBuffer['follow'];
  fits: (line: LogLine) => boolean;
  withinMs: number;
  file: string;
}): Promise<LogLine> {
  const { follow, fits, withinMs, file } = wanted;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      unfollow();
      reject(new Error(`no such line in ${file} within ${withinMs / 1000} s`));
    }, withinMs);
    const unfollow = follow((line) => {
      if (!fits(line)) return;
      clearTimeout(late);
      unfollow();
      resolve(line);
    });
  });
}

function parse(text: string): LogLine {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as LogLine;
  } catch {
    // Not ours: a warning of Node, a stack.
  }
  return { message: text };
}
