import { parseArgs } from 'node:util';

export type Arguments = { dir: string; once: boolean; fresh: boolean; help: boolean };

export const USAGE = `npm start [-- options]
  --once    runs orders to their end and stops: exit code 0 when every one is confirmed and its invoice delivered
  --fresh   forgets what earlier starts left in .local/
  --help    this`;

/** @throws Error in words for the reader */
export function readArguments(args: readonly string[]): Arguments {
  const flag = { type: 'boolean', default: false } as const;
  const options = { once: flag, fresh: flag, help: flag };
  const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  const [dir, ...rest] = positionals;
  if (dir === undefined || rest.length > 0)
    throw new Error(`not understood: ${rest.join(' ') || 'the folder is missing'}`);
  return { dir, ...values };
}
