import type { Producer } from '@lazada-sof/queue';

/**
 * Asks for a look now and again, and answers how that ends. Of several processes that ask, one looks: the folder's row says
 * when the next look is due. Where the queue is away the next time is soon enough.
 */
export function askForLooks(add: Producer['add'], everyMs: number): () => void {
  const ask = () => void add([{ name: 'watch-folder', data: { v: 1 } }]).catch(() => undefined);
  ask();
  const timer = setInterval(ask, everyMs);
  return () => clearInterval(timer);
}
