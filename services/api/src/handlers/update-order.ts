import type { UpdateAnswer } from '@lazada-sof/db';
import { orderPath, type UpdateRefusal } from '@lazada-sof/orders';
import { toOrderUpdate, updateFields } from '@lazada-sof/queue';
import { z } from 'zod';
import { answer, endpoint } from '../endpoint.ts';
import { noAccount, noOrder } from '../no-such.ts';
import { invalid, Problem, tryAgain } from '../problem.ts';
import { accountName, orderNumber } from '../shapes/common.ts';
import { sentEnd, shownSent } from '../shapes/sent-end.ts';

const taken = z
  .object({
    updateId: z.string().describe('The event in which it is written.'),
    order: z.string().describe('The path under which the order shows what became of it.'),
    sent: z.array(sentEnd).optional().describe('Of withdraw: the ends that were accepted before, which stay.'),
  })
  .meta({ id: 'OrderUpdateTaken' });

/** What happened to an order, told by another system or a person: written at once, sent to the marketplace when it is due. */
export const updateOrder = endpoint({
  summary: 'Tell what happened to an order',
  params: z.strictObject({ account: accountName, orderNumber }),
  body: z.strictObject(updateFields).meta({ id: 'OrderUpdate' }),
  answers: { 202: taken.describe('It is written, and sent as soon as it can be.') },
  refusals: {
    404: 'There is no such account or order.',
    409: 'It contradicts what the marketplace has accepted (`sent`), or the Idempotency-Key is that of another request.',
    422: 'Fields are wrong; each is named.',
    503: 'Somebody else is writing the order. Nothing has changed: repeat it.',
  },
  idempotent: true,
  async handle({ params: { account, orderNumber: number }, body, asker, effectId, now }, { db }) {
    const found = await db.findOrder({ account, orderNumber: number });
    if ('missing' in found) throw found.missing === 'account' ? noAccount(account) : noOrder(account, number);
    const update = { ...(effectId !== undefined && { requestId: effectId }), ...toOrderUpdate(body) };
    const sender = { ...(asker && { by: asker.name }), arrivedAt: now };
    const { updateId, sent } = takenOf(await db.updates.take(found.orderId, update, sender), account, number);
    const order = orderPath(account, number);
    return answer(202, { updateId, order, ...(body.status === 'withdraw' && { sent: shownSent(sent) }) });
  },
});

type Taken = Extract<UpdateAnswer, { is: 'taken' }>;

/** @throws Problem that says why not */
function takenOf(answered: UpdateAnswer, account: string, number: string): Taken {
  switch (answered.is) {
    case 'taken':
      return answered;
    case 'refused':
      throw refused(answered.refusal);
    case 'busy':
      throw tryAgain(`Order ${number} of account ${account} is being written by somebody else: send this again.`);
    case 'gone':
      throw noOrder(account, number);
  }
}

function refused({ kind, field, value, reason, sent }: UpdateRefusal): Problem {
  const error = { field, ...(value !== null && { value }), detail: reason };
  if (kind === 'invalid') return invalid(error);
  return new Problem(409, reason, { errors: [error], sent: shownSent(sent) });
}
