/** What a command changes is written into the audit log once it has ended, whichever command it is. */
import { hostname, userInfo } from 'node:os';
import { explainDatabaseError } from '@lazada-sof/db';
import { EXIT_CONFIG, readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withDb } from './commands/connections.ts';
import { nameOf } from './terminal/example.ts';

/** A command that began, and the name of what it is about. */
export type ActOfCommand = { readonly act: string; readonly thing: string | null };

const WRONG_USE = 2;

/** Secrets are no arguments of any command. */
export function actOf(command: Command): ActOfCommand {
  const { name, account } = command.opts<{ name?: string; account?: string }>();
  const named = command.args.length > 0 ? command.args.join('/') : (name ?? account);
  return { act: nameOf(command), thing: named ?? null };
}

type Ended = { readonly exitCode: number /** With which words it failed. */; readonly told: string | undefined };

/**
 * Where it was used wrongly, or has no settings, it did nothing. What cannot be written is told, unless the command failed
 * with the same words: then the database is away for both.
 */
export async function writeAct({ act, thing }: ActOfCommand, { exitCode, told }: Ended): Promise<void> {
  if (exitCode === WRONG_USE || exitCode === EXIT_CONFIG) return;
  try {
    const by = { kind: 'command_line', name: userName() } as const;
    const done = { by, address: hostname(), act, thing, status: exitCode };
    await withDb(readConfig(['database']), (db) => db.audit.add(done));
  } catch (error) {
    const why = explainDatabaseError(error) ?? (error instanceof Error ? error.message : String(error));
    if (why !== told) console.error(`this is not in the audit log: ${why}`);
  }
}

/** In a container whoever runs it may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
