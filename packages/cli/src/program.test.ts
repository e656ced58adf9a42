/** Which commands are acts that the audit log has, asked of the program itself: one that is added is one. */
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import type { ActOfCommand } from './act.ts';
import { createProgram } from './program.ts';
import { nameOf } from './terminal/example.ts';

const leavesOf = (command: Command): Command[] =>
  command.commands.length > 0 ? command.commands.flatMap(leavesOf) : [command];

/** What the program says of this call, without doing it. */
async function actsOf(args: string): Promise<ActOfCommand[]> {
  const acts: ActOfCommand[] = [];
  const program = createProgram((act) => acts.push(act));
  for (const leaf of leavesOf(program)) leaf.action(() => undefined);
  await program.parseAsync(args.split(' '), { from: 'user' });
  return acts;
}

test('every command is an act but those that only look', async () => {
  const names = leavesOf(createProgram()).map((command) => [nameOf(command), command.registeredArguments] as const);
  const looking: string[] = [];
  for (const [name, args] of names) {
    const acts = await actsOf([name, ...args.map(() => 'thing')].join(' '));
    if (acts.length === 0) looking.push(name);
    else expect(acts[0]?.act).toBe(name);
  }
  expect(looking.toSorted()).toEqual([
    'account list',
    'api-key list',
    'doctor',
    'order explain',
    'order show',
    'user list',
  ]);
});

test.each([
  ['user role ann --role viewer', 'user role', 'ann'],
  ['order send demo-sg 4711', 'order send', 'demo-sg/4711'],
  ['api-key create --name warehouse --scopes admin', 'api-key create', 'warehouse'],
  ['backfill --account demo-sg --from 2026-01-01 --to 2026-01-02', 'backfill', 'demo-sg'],
  ['migrate', 'migrate', null],
])('%s is %s of %s', async (args, act, thing) => {
  expect(await actsOf(args)).toEqual([{ act, thing }]);
});
