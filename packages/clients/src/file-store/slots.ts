export type Slots = {
  /** Resolves when one is free, first come first served. @throws the signal's reason */
  take(signal?: AbortSignal): Promise<void>;
  give(): void;
  /** Resolves when none is taken. */
  allGiven(): Promise<void>;
};

/** So many at a time, the others in line. */
export function slots(count: number): Slots {
  let taken = 0;
  const line: (() => void)[] = [];
  const watchers: (() => void)[] = [];

  async function take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (taken < count) {
      taken += 1;
      return;
    }
    await turn(signal);
  }

  function turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const called = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        line.splice(line.indexOf(called), 1);
        reject(signal?.reason);
      };
      line.push(called);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** A slot goes from hand to hand, so nobody overtakes the line. */
  function give(): void {
    const next = line.shift();
    if (next) {
      next();
      return;
    }
    taken -= 1;
    if (taken === 0) for (const watcher of watchers.splice(0)) watcher();
  }

  return {
    take,
    give,
    allGiven: () => (taken === 0 ? Promise.resolve() : new Promise((resolve) => watchers.push(resolve))),
  };
}
