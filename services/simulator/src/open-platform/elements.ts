/** One element of a batch call: done, refused on its own, or left out of the answer. */

import type { RefusalReason } from '../server/refusal.ts';
import type { Order } from '../world/model.ts';
import type { Request } from './gateway.ts';

export type ElementAnswer = { item_err_code: string; msg: string; retry: boolean };

export const DONE: ElementAnswer = { item_err_code: '0', msg: '', retry: false };

export function refuseElement({ call }: Request, reason: RefusalReason, code: string, msg: string): ElementAnswer {
  call.refused.push({ reason, asked: false });
  return { item_err_code: code, msg, retry: false };
}

/** What the order's script wants to go wrong with its next element of this call. `missing`: the answer leaves it out. */
export function scriptedTrouble({ call }: Request, order: Order): ElementAnswer | 'missing' | undefined {
  const trouble = order.script.trouble.find((one) => one.call === call.name && one.times > 0);
  if (!trouble) return undefined;
  trouble.times -= 1;
  if (trouble.missing) return 'missing';
  call.refused.push({ reason: 'scripted', asked: true });
  return { item_err_code: trouble.code, msg: trouble.message, retry: trouble.retry };
}
