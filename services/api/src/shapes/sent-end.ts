/** Ends that the marketplace has accepted, as they go out. */
import type { SentEnd as Accepted } from '@lazada-sof/orders';
import { z } from 'zod';
import { timeOut } from './common.ts';

export const sentEnd = z.object({
  packageId: z.string(),
  status: z.enum(['delivered', 'not_delivered']),
  sentAt: timeOut,
});
export type SentEnd = z.output<typeof sentEnd>;

export const shownSent = (sent: readonly Accepted[]): SentEnd[] =>
  sent.map(({ packageId, status, sentAt }) => ({ packageId, status, sentAt: sentAt.toISOString() }));
