/**
 * Invoices that wait for a renderer go on by themselves: at the start and every minute one of them is tried, and where a
 * renderer draws it, or has a reason of the page's own not to, all of them are handed on again.
 */
import { RendererTroubleError } from '@lazada-sof/clients';
import type { Documents, WaitingDocument } from '@lazada-sof/db';
import { endWaitForRenderer, Failure, type Orders, type PdfRenderer } from '@lazada-sof/orders';
import { type JobRequest, jobFor } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';

const EVERY_MS = 60_000;
/** So many orders at a time; the next when these are handed on. */
const PIECE = 100;

export type RendererWatchTools = {
  readonly renderer: Pick<PdfRenderer, 'toPdf'>;
  readonly documents: Pick<Documents, 'source' | 'waitingForRenderer'>;
  readonly orders: Pick<Orders, 'change'>;
  readonly enqueue: (jobs: readonly JobRequest[], place: 'behind') => Promise<void>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
};

export type RendererWatch = { close(): Promise<void> };

export function watchRenderer(tools: RendererWatchTools): RendererWatch {
  const closing = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  const look = () => {
    looking = looking
      .then(() => lookForRenderer(tools, closing.signal))
      .catch((error: unknown) => {
        if (!closing.signal.aborted) tools.log.warn('invoices that wait for a renderer are looked at again', { error });
      });
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      closing.abort();
      await looking;
    },
  };
}

/** Hands on what waits for a renderer, if one is there. */
export async function lookForRenderer(tools: RendererWatchTools, signal?: AbortSignal): Promise<void> {
  const { documents, log } = tools;
  let waiting = await documents.waitingForRenderer('0', PIECE);
  const [first] = waiting;
  if (!first || !(await isThere(first, tools, signal))) return;
  log.info('a renderer is there: what waited for one is drawn');
  while (waiting.length > 0 && !signal?.aborted) {
    await handOn(waiting, tools);
    const last = waiting.at(-1)?.orderId ?? '0';
    waiting = waiting.length < PIECE ? [] : await documents.waitingForRenderer(last, PIECE);
  }
}

/** Whatever it says of the page: one that always breaks its browser, or lacks a picture, must not keep the others waiting. */
async function isThere(
  { documentId }: WaitingDocument,
  { renderer, documents }: RendererWatchTools,
  signal?: AbortSignal,
): Promise<boolean> {
  const source = await documents.source(documentId);
  if (source === null) return false;
  return renderer.toPdf(source, signal).then(
    ({ pdf }) => pdf !== null,
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'browser') return error.cause instanceof RendererTroubleError;
      return error.code !== 'aborted';
    },
  );
}

async function handOn(waiting: readonly WaitingDocument[], { orders, enqueue }: RendererWatchTools): Promise<void> {
  const freed: JobRequest[] = [];
  for (const orderId of new Set(waiting.map((one) => one.orderId))) {
    const changed = await orders.change(orderId, endWaitForRenderer);
    if (typeof changed === 'object') freed.push(...changed.plan.owed.map((step) => jobFor(orderId, step)));
  }
  if (freed.length > 0) await enqueue(freed, 'behind');
}
