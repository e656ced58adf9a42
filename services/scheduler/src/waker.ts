/** A sleep that anybody may end. A call that comes while nobody sleeps ends the next sleep at once: none is lost. */
export type Waker = {
  wake(): void;
  /** Resolves after `ms`, at a `wake()`, or when `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export function createWaker(): Waker {
  let called = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      called = true;
      end?.();
    },
    async sleep(ms, signal) {
      if (!called && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          end = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', end, { once: true });
        });
      }
      if (end) signal.removeEventListener('abort', end);
      end = undefined;
      called = false;
    },
  };
}
