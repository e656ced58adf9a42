/** The invoice of an order's items becomes a real PDF and is stored, part by part; later it is looked at again. */
import { type Failure, invoiceParts, isRecheck } from '@lazada-sof/orders';
import type { Perform } from '@lazada-sof/queue';
import { drawStored } from './draw-stored.ts';
import { askAgain, fetchFirst } from './fetch-part.ts';
import type { Fetching, InvoiceTools } from './fetching.ts';
import { lookAgain } from './look-again.ts';

export type { InvoiceTools } from './fetching.ts';

export function performInvoiceFetch(tools: InvoiceTools): Perform {
  return async (step, context) => {
    const fetching = { tools, context };
    if (isRecheck(step)) await lookAgain(step.ref, fetching);
    else await fetchParts(fetching);
  };
}

/** A part for which there is no renderer is stored as it came, and keeps no other part waiting. */
async function fetchParts(fetching: Fetching): Promise<void> {
  const { order, force } = fetching.context;
  let noRenderer: Failure | null = null;
  for (const part of invoiceParts(order)) {
    const { document } = part;
    if (document === null) noRenderer = (await fetchFirst(part, fetching)) ?? noRenderer;
    else if (force) noRenderer = (await askAgain({ ...part, document }, fetching)) ?? noRenderer;
    else if (!document.hasPdf) noRenderer = (await drawStored({ ...part, document }, fetching)) ?? noRenderer;
  }
  if (noRenderer) throw noRenderer;
}
