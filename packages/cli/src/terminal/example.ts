import type { Command } from 'commander';

/** Shows behind its help how the command is called, by all of its words. */
export const withExample = (command: Command, args = ''): Command =>
  command.addHelpText(
    'after',
    ({ command: shown }) => `\nExample: ${['npm run sof --', nameOf(shown), args].join(' ').trim()}`,
  );

/** As a person writes it behind `sof`: `order show`. */
export function nameOf(command: Command): string {
  const words: string[] = [];
  for (let one: Command | null = command; one?.parent; one = one.parent) words.unshift(one.name());
  return words.join(' ');
}
