/** What was found of one thing: in the words of `account test`. */
import type { AccountCheck } from '@lazada-sof/orders';

export type Finding = AccountCheck & {
  /** It works, and somebody should know of it. */
  readonly warn?: true;
};

export const good = (check: string, detail: string): Finding => ({ check, ok: true, detail });
/** Something that works and should not stay as it is. */
export const odd = (check: string, detail: string, fix?: string): Finding => ({
  check,
  ok: true,
  warn: true,
  detail,
  ...(fix !== undefined && { fix }),
});
export const red = (check: string, detail: string, fix?: string): Finding => ({
  check,
  ok: false,
  detail,
  ...(fix !== undefined && { fix }),
});
