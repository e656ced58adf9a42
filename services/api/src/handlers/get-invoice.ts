import { chooseInvoice, orderPath } from '@lazada-sof/orders';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noOrder } from '../no-such.ts';
import { gone, notFound } from '../problem.ts';
import { accountName, orderNumber } from '../shapes/common.ts';

const WHOLE = 'write a whole number from 1 on';
const number = z.coerce.number({ error: WHOLE }).int(WHOLE).min(1, WHOLE).max(1_000_000, WHOLE).optional();

/** As a file; the bytes come out of the database, so it is there also where the target is not. */
export const getInvoice = endpoint({
  summary: 'Fetch the invoice of an order as a PDF',
  params: z.strictObject({ account: accountName, orderNumber }),
  query: z.strictObject({
    revision: number.describe('Without it: the newest.'),
    part: number.describe('An order of more than 100 items has several; without it: the first.'),
  }),
  answers: { 200: { mediaType: 'application/pdf', description: 'The PDF, as it is uploaded.' } },
  refusals: {
    404: 'No such order, no invoice yet, or no PDF of that part and revision: the words say which there are.',
    410: 'Its bytes were removed, since they had been kept long enough: the words say when, and how to get it again.',
  },
  async handle({ params: { account, orderNumber }, query }, { db }) {
    const found = await db.findOrder({ account, orderNumber });
    const loaded = 'orderId' in found ? await db.orders.load(found.orderId) : null;
    if (!loaded) throw noOrder(account, orderNumber);
    const chosen = chooseInvoice(loaded.order, query);
    if ('refused' in chosen) throw notFound(`${chosen.refused} GET ${orderPath(account, orderNumber)} tells more.`);
    if ('removed' in chosen) throw gone(chosen.removed);
    const { documentId, path } = chosen.document;
    const facts = await db.documents.pdfFacts(documentId);
    if (!facts) throw noOrder(account, orderNumber);
    const read = async () => {
      const file = await db.documents.file(documentId);
      // The host may delete an order at any time, and what is old enough may be removed.
      if (!file) throw noOrder(account, orderNumber);
      return file.pdf;
    };
    const headers = linkTo(chosen.nextPart, orderPath(account, orderNumber));
    return answer(200, { ...facts, name: path ?? 'invoice.pdf', headers, read });
  },
});

/** So that nobody takes a part for the whole (RFC 8288). */
const linkTo = (part: number | null, path: string): Record<string, string> =>
  part === null ? {} : { link: `<${path}/invoice.pdf?part=${part}>; rel="next"` };
