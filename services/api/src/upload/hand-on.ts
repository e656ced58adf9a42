import type { Producer } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';

/** A hint, as every job is: where the queue is away the scheduler finds the import in its table. */
export async function handOn(
  importId: string,
  { add, log }: { readonly add: Producer['add']; readonly log: Logger },
): Promise<void> {
  await add([{ name: 'import-file', data: { v: 1, importId } }]).catch((error: unknown) =>
    log.warn('the queue is away; the scheduler hands the import on', { importId, error }),
  );
}
