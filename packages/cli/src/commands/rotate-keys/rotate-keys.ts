/** Seals every secret with the first key, so that the others can go. What was sealed stays so: the same command goes on. */
import { parseKeys } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, Interrupted } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { onInterrupt } from '../../terminal/interrupt.ts';
import { number, printer } from '../../terminal/output.ts';
import { afterAWhile, progressOn } from '../../terminal/progress.ts';
import { type DbSettings, withDb } from '../connections.ts';
import { type Rotation, rotate } from './rotate.ts';

const ABOUT = [
  'seal every secret of every account with the first of ENCRYPTION_KEYS, while the services run with the same keys;',
  'afterwards the first key alone is enough',
].join(' ');

export function rotateKeysCommand(program: Command): void {
  const command = program
    .command('rotate-keys')
    .description(ABOUT)
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const settings = readConfig(['database', 'keys']);
      const { first, keys } = parseKeys(settings.keys.encryption);
      const print = printer(json);
      const rotation = await watched(settings);
      print.json({ key: first, sealed: rotation.sealed, left: rotation.left, interrupted: rotation.isInterrupted });
      refuseHalf(rotation, first);
      const others = [...keys.keys()].filter((id) => id !== first);
      print.text(wordsOf(rotation, first));
      if (others.length > 0)
        print.text(
          `Nothing needs ${others.join(', ')} any more: take it out of ENCRYPTION_KEYS everywhere, then restart.`,
        );
    });
  withExample(command);
}

async function watched(settings: DbSettings): Promise<Rotation> {
  const progress = afterAWhile(progressOn());
  const { signal, end } = onInterrupt();
  try {
    return await withDb(settings, (db) => rotate(db.sealing, { progress, signal }));
  } finally {
    progress.clear();
    end();
  }
}

const accounts = (count: number) => `${number(count)} ${count === 1 ? 'account' : 'accounts'}`;

const wordsOf = ({ sealed }: Rotation, key: string) =>
  sealed > 0
    ? `The secrets of ${accounts(sealed)} were sealed with key ${key}; all of all accounts are now.`
    : `All secrets of all accounts are sealed with key ${key} already.`;

/** @throws Interrupted, or CommandFailed with a line for each account of which something is left */
function refuseHalf({ sealed, left, isInterrupted }: Rotation, key: string): void {
  if (isInterrupted)
    throw new Interrupted(
      `interrupted: ${accounts(sealed)} sealed with key ${key}, keep all keys; the same command goes on with the others`,
    );
  if (left.length === 0) return;
  throw new CommandFailed(
    [
      `${accounts(left.length)} could not be sealed with key ${key} as a whole, keep all keys; mend what is said and run it again:`,
      ...left.map(({ account, reasons }) => `  ${account}: ${reasons.join('; ')}`),
    ].join('\n'),
  );
}
