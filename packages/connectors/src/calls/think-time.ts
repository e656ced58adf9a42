/**
 * Callers that have their answer and will soon come with their next call: an order that was read is packed next, one
 * that was set ready makes room for another. A batch that is not full waits for them.
 */
import { SECOND } from '@lazada-sof/orders';

export type Thinking = {
  /** So many callers of this account have their answer now. */
  answered(accountId: string, callers: number): void;
  /** One came with a call: it, or whoever took its place, is not thought of any more. */
  came(accountId: string): void;
  /** Somebody is still expected. */
  expects(accountId: string): boolean;
};

/** Who has not come by then went somewhere else. */
const EXPECTED_FOR_MS = SECOND;

export function openThinking(now: () => number = () => performance.now()): Thinking {
  const answers = new Map<string, number[]>();
  const expected = (accountId: string) => {
    const still = (answers.get(accountId) ?? []).filter((at) => at > now() - EXPECTED_FOR_MS);
    answers.set(accountId, still);
    return still;
  };
  return {
    answered: (accountId, callers) => void expected(accountId).push(...Array.from({ length: callers }, now)),
    came: (accountId) => void expected(accountId).shift(),
    expects: (accountId) => expected(accountId).length > 0,
  };
}
