/**
 * What cannot run on this machine is said at the end of the test run, with what makes it run, and is a failure where
 * `CI=true`: a suite is never left out in silence.
 */
import { appendFileSync } from 'node:fs';

export type LeftOut = {
  /** The suite, or the part of it. */
  what: string;
  why: string;
  /** How to make it run. */
  remedy: string;
};

/** Set by `global-setup.mjs`: a file with one `LeftOut` a line, read by `reporter.mjs`. */
export const LEFT_OUT_VARIABLE = 'TESTKIT_LEFT_OUT';

/** @throws Error with `CI=true` */
export function leaveOut(leftOut: LeftOut): void {
  if (process.env.CI === 'true') {
    throw new Error(`${leftOut.what} cannot run: ${leftOut.why}. With CI=true nothing is left out: ${leftOut.remedy}`);
  }
  const file = process.env[LEFT_OUT_VARIABLE];
  if (file) appendFileSync(file, `${JSON.stringify(leftOut)}\n`);
}
