/** Whether all is well, from here: each thing by itself, and what to do about each that is not. Changes nothing. */
import { invoiceTemplateMistakes } from '@lazada-sof/orders';
import type { Config, SliceName } from '@lazada-sof/runtime';
import { ConfigError, readWhatIsSet } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, Interrupted } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { onInterrupt } from '../../terminal/interrupt.ts';
import { type Print, printer } from '../../terminal/output.ts';
import { afterAWhile, progressOn } from '../../terminal/progress.ts';
import { accountsRoom } from './accounts.ts';
import { clockRoom } from './clock.ts';
import { databaseRoom } from './database.ts';
import { type Finding, red } from './finding.ts';
import { keysRoom } from './keys.ts';
import { queueRoom } from './queue.ts';
import { rendererRoom } from './renderer.ts';
import { lookInto, NOT_ENDED, type Room } from './rooms.ts';
import { TARGET_CHECK, targetRoom } from './target.ts';
import { wayRoom } from './way.ts';
import { inWords, whereWeAre } from './where.ts';

const SLICES = [
  'database',
  'queue',
  'keys',
  'lazada',
  'sofp',
  'target',
  'invoices',
] as const satisfies readonly SliceName[];
type Settings = Config<(typeof SLICES)[number]>;

const HELP = `
Each line is one thing: ok, warn (it works, and should not stay so) or FAIL, with what to do. Exit codes: 0 all is well,
1 something is FAIL, 78 a setting is wrong or missing, 130 Ctrl-C.

  docker compose run --rm --no-deps sof doctor      from within, also where something else does not start
  sof doctor --json | jq '.checks[] | select(.ok | not)'
`;

export function doctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('look whether all is well, from here, and say what to do; changes nothing')
    .option('--json', 'for machines')
    .addHelpText('after', HELP)
    .action(async ({ json = false }: { json?: boolean }) => {
      const settings = await readSettings();
      const rooms = roomsOf(settings);
      const print = printer(json);
      const where = whereWeAre();
      print.text(inWords(where));
      const checks = await tellAll(rooms, print);
      const bad = checks.filter(({ ok }) => !ok).length;
      print.json({ ok: bad === 0, from: where, checks });
      if (settings.notSet.length > 0) throw new ConfigError(settings.notSet.map(missing));
      if (bad > 0) throw new CommandFailed(`${bad} of ${checks.length} are not well`);
      print.text(`All of ${checks.length} are well.`);
    });
  withExample(command);
}

const missing = (setting: string): string =>
  `${setting} is missing: set it, or ${setting}_FILE to a file that holds it`;

/** @throws ConfigError with every mistake in what was set */
async function readSettings() {
  // Loaded when it is needed: it brings the clients of the whole outside.
  const { targetMistakes } = await import('@lazada-sof/connectors');
  return readWhatIsSet(SLICES, undefined, {
    invoices: { pathTemplate: invoiceTemplateMistakes },
    target: { url: targetMistakes },
  });
}

/** What it means that a setting is left out which our services need. */
const NOT_SET: Readonly<Record<string, { check: string; means: string }>> = {
  DATABASE_URL: { check: 'database', means: 'nothing can be known of orders and accounts' },
  QUEUE_URL: { check: 'queue', means: 'no service starts, and nothing can be asked of the workers' },
  ENCRYPTION_KEYS: { check: 'accounts', means: 'the credentials of accounts cannot be read' },
};

function roomsOf({ config, notSet }: { config: Partial<Settings>; notSet: readonly string[] }): readonly Room[] {
  const { database, queue, keys, lazada, sofp, target, invoices } = config;
  return [
    ...notSet.map(roomNotSet),
    ...(database ? [databaseRoom(database)] : []),
    ...(queue ? [queueRoom(queue)] : []),
    wayRoom(config),
    ...(lazada ? [clockRoom(lazada)] : []),
    ...(database && keys ? [keysRoom({ database, keys })] : []),
    ...(database && keys && lazada && sofp ? [accountsRoom({ database, keys, lazada, sofp })] : []),
    ...(target ? [targetRoom(target)] : []),
    ...(invoices ? [rendererRoom(invoices)] : []),
  ];
}

function roomNotSet(setting: string): Room {
  const { check, means } = NOT_SET[setting] ?? { check: setting, means: 'what needs it does not start' };
  const finding = red(
    check,
    `not set (${setting}): ${means}`,
    `set ${setting}, or ${setting}_FILE to a file that holds it`,
  );
  return { name: check, limitMs: 1_000, fix: '', look: async () => [finding] };
}

/** @throws Interrupted after Ctrl-C, once what was begun has ended: nothing is to be left at the target */
async function tellAll(rooms: readonly Room[], print: Print): Promise<Finding[]> {
  const progress = sayWhoIsWaitedFor();
  const { signal: interrupted, end } = onInterrupt();
  const all: Finding[] = [];
  try {
    for await (const findings of lookInto(rooms, { onWaiting: progress.wait, interrupted })) {
      progress.clear();
      if (!interrupted.aborted) for (const finding of findings) tell(print, finding);
      all.push(...findings);
    }
  } finally {
    progress.end();
    end();
  }
  if (interrupted.aborted) throw leaving(all);
  return all;
}

function leaving(findings: readonly Finding[]): Interrupted {
  const left = findings.filter(({ detail }) => detail === NOT_ENDED).map(({ check }) => check);
  const target = left.includes(TARGET_CHECK) ? '; look there for a file sof-doctor-….tmp and remove it' : '';
  return new Interrupted(`interrupted${left.length > 0 ? `; not waited for: ${left.join(', ')}${target}` : ''}`);
}

const tell = (print: Print, { check, ok, warn, detail, fix }: Finding): void =>
  print.text(
    `${ok ? (warn ? 'warn' : 'ok  ') : 'FAIL'} ${check}: ${detail}${fix === undefined ? '' : `\n     ${fix}`}`,
  );

const AGAIN_MS = 500;

/** Who is still waited for, once that takes a while. */
function sayWhoIsWaitedFor() {
  const progress = afterAWhile(progressOn());
  let names: readonly string[] = [];
  const timer = setInterval(() => names.length > 0 && progress.show(`looking at ${names.join(', ')} …`), AGAIN_MS);
  return {
    wait: (waiting: readonly string[]) => {
      names = waiting;
    },
    clear: progress.clear,
    end: () => {
      clearInterval(timer);
      progress.clear();
    },
  };
}
