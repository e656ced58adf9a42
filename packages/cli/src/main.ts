/** `npm run sof -- …`: what a person does to the system from a terminal. */
import { explainDatabaseError } from '@lazada-sof/db';
import { redactText } from '@lazada-sof/redact';
import { ConfigError, EXIT_CONFIG } from '@lazada-sof/runtime/config';
import { CommanderError } from 'commander';
import { type ActOfCommand, writeAct } from './act.ts';
import { createProgram } from './program.ts';
import { CommandFailed, Interrupted, UsageError } from './terminal/errors.ts';
import { warn } from './terminal/output.ts';

let act: ActOfCommand | undefined;
/** What the command failed with, as it was printed. */
let told: string | undefined;
try {
  await createProgram((begun) => {
    act = begun;
  }).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
if (act) await writeAct(act, { exitCode: Number(process.exitCode ?? 0), told });

function exitCodeOf(error: unknown): number {
  // Commander has printed what was wrong, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  told = redactText(explainDatabaseError(error) ?? (error instanceof Error ? error.message : String(error)));
  warn(told);
  if (error instanceof ConfigError) return EXIT_CONFIG;
  const isOurs = [CommandFailed, UsageError, Interrupted].some((one) => error instanceof one);
  return isOurs ? (error as CommandFailed | UsageError | Interrupted).exitCode : 1;
}
