/** How a command may end other than well. Exit codes: 0 done, 1 failed, 2 wrong use, 78 wrong configuration. */

/** It could not be done; the message names the thing, the fact and the way out. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly exitCode = 1;
}

/** It was asked for in a wrong way: one line per mistake. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
  readonly exitCode = 2;
  constructor(...mistakes: readonly string[]) {
    super(mistakes.join('\n'));
  }
}
