import type { Limiter } from '@lazada-sof/orders';

/** A few calls by hand need no rate: they go at once, and nobody else is told of them. */
export const AT_ONCE: Limiter = {
  take: async () => undefined,
  pause: async () => undefined,
  report: async () => undefined,
};
