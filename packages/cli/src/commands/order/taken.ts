/** What came of an update that a person said from here. */
import type { UpdateAnswer } from '@lazada-sof/db';
import type { SentEnd } from '@lazada-sof/orders';
import { CommandFailed } from '../../terminal/errors.ts';
import { orderNotFound } from '../not-found.ts';

export type Taken = Extract<UpdateAnswer, { is: 'taken' }>;

type Said = { readonly account: string; readonly orderNumber: string; readonly what: 'released' | 'withdrawn' };

/** @throws CommandFailed that says why not, in the words of every door */
export function takenOf(answer: UpdateAnswer, { account, orderNumber, what }: Said): Taken {
  switch (answer.is) {
    case 'taken':
      return answer;
    case 'refused': {
      const { reason, sent } = answer.refusal;
      throw new CommandFailed(`${account}/${orderNumber} cannot be ${what}: ${reason}.${accepted(sent)}`);
    }
    case 'busy':
      throw new CommandFailed(`order ${orderNumber} is being written by somebody else; try again`);
    case 'gone':
      throw orderNotFound(account, orderNumber);
  }
}

/** What stays, whatever is taken back. */
export function accepted(sent: readonly SentEnd[]): string {
  if (sent.length === 0) return '';
  const list = sent.map(({ packageId, status, sentAt }) => `${packageId} ${status} (${sentAt.toISOString()})`);
  return ` Lazada has accepted, which stays: ${list.join(', ')}.`;
}
