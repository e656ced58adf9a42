/** What holds for every command, asked of the program itself: one that is added is held to it as well. */
import { describe, expect, test } from '@jest/globals';
import { type Command, CommanderError } from 'commander';
import { runSof } from './cli.fixture.ts';
import { createProgram } from './program.ts';
import { nameOf } from './terminal/example.ts';

const leavesOf = (command: Command): Command[] =>
  command.commands.length > 0 ? command.commands.flatMap(leavesOf) : [command];
const COMMANDS = leavesOf(createProgram()).map((command) => [nameOf(command), command] as const);

/** Its help, as it is printed, with what stands behind the options. */
function helpOf(command: Command): string {
  const printed: string[] = [];
  command.configureOutput({ writeOut: (text) => void printed.push(text) });
  command.outputHelp();
  return printed.join('');
}
/** What the example of its help calls, behind `sof`. */
const exampleOf = (command: Command): string =>
  helpOf(command)
    .split('\n')
    .flatMap((line) => line.match(/^Example: npm run sof -- (.+)$/)?.[1] ?? [])[0] ?? '';

const UNREACHABLE = {
  DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/d',
  QUEUE_URL: 'redis://:hush@127.0.0.1:1',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 'hush').toString('base64')}`,
  INVOICE_TARGET_URL: 'file:///dev/null/nowhere',
  LAZADA_REDIRECT_URL: 'https://host.example/accounts/consent',
};
const STACK = /^\s+at /m;

test('there are commands, each of them once', () => {
  const names = COMMANDS.map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(['migrate', 'backfill', 'order show', 'invoice re-upload']));
  expect(new Set(names).size).toBe(names.length);
});

describe.each(COMMANDS)('sof %s', (name, command) => {
  test('says what it is for, knows --json, and shows an example', () => {
    expect(command.description()).not.toBe('');
    expect(command.options.map(({ long }) => long)).toContain('--json');
    expect(exampleOf(command).startsWith(name)).toBe(true);
  });

  test('is used wrongly with an option that it does not know: told before anything else', async () => {
    const program = createProgram().configureOutput({ writeErr: () => undefined });
    const refused = leavesOf(program).find((one) => nameOf(one) === name);
    refused?.configureOutput({ writeErr: () => undefined });
    const asked = program.parseAsync([...exampleOf(command).split(' '), '--no-such-option'], { from: 'user' });
    await expect(asked).rejects.toThrow(CommanderError);
  });

  test('its example is right: without settings it gets as far as them, with a database that is away as far as that', async () => {
    const [bare, away] = await Promise.all([
      runSof(exampleOf(command), { input: 'hush' }),
      runSof(`${exampleOf(command)} --json`, { env: UNREACHABLE, input: 'hush' }),
    ]);
    expect([bare.code, bare.err]).toEqual([78, expect.stringMatching(/^DATABASE_URL is missing/m)]);
    expect({ code: away.code, isJson: isJson(away.out) }).toEqual({ code: 1, isJson: true });
    for (const { out, err } of [bare, away]) {
      expect(out + err).not.toMatch(STACK);
      expect(out + err).not.toContain('hush');
    }
  }, 60_000);
});

/** Whatever is printed for machines they can read; nothing is fine where it failed. */
function isJson(out: string): boolean {
  if (out === '') return true;
  try {
    JSON.parse(out);
    return true;
  } catch {
    return false;
  }
}
