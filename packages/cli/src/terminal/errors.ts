/** What a command fails with. Exit codes: 0 done, 1 failed, 2 wrong use, 78 wrong configuration; 130 where Ctrl-C ended it, as of every program. */

/** It could not be done; the message names the thing, the fact and the way out. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode = 1;
}

/** It was asked for in a wrong way: one line per mistake. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
  constructor(...mistakes: readonly string[]) {
    super(mistakes.join('\n'));
  }
}

/** Somebody pressed Ctrl-C; the message says what goes on all the same. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode = 130;
}
