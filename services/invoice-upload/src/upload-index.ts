/** A day's index for finance, made of the rows and put beside the invoices. */
import { Failure } from '@lazada-sof/orders';
import type { PerformDay } from '@lazada-sof/queue';

export const uploadIndex = (): PerformDay => async () => {
  throw new Failure('rejected', 'not built yet', { code: 'not_built' });
};
