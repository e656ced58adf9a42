import type { Failure } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';

/** What is wrong with a file is told once, however often it is looked at, and again only where it is something else. */
export function tellOnce(log: Pick<Logger, 'warn'>) {
  const told = new Map<string, string>();
  return {
    isFine: (name: string): void => void told.delete(name),
    isNot(name: string, failure: Failure): void {
      if (told.get(name) === failure.code) return;
      told.set(name, failure.code);
      log.warn('a file in the import folder waits: it cannot be taken or moved', { file: name, error: failure });
    },
  };
}
