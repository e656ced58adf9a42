/** A day's manifest, asked for at Lazada and stored. */
import { Failure } from '@lazada-sof/orders';
import type { PerformDay } from '@lazada-sof/queue';

export const fetchManifest = (): PerformDay => async () => {
  throw new Failure('rejected', 'not built yet', { code: 'not_built' });
};
