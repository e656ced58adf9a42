/** A person's password: one line of standard input, asked for without showing it where that is a terminal. */
import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CommandFailed, Interrupted } from './errors.ts';

type Source = { readonly stdin?: Readable & { isTTY?: boolean }; readonly ask?: (words: string) => void };

/** @throws CommandFailed where there is none, or more than a line */
export async function readPassword({
  stdin = process.stdin,
  ask = (words) => void process.stderr.write(words),
}: Source = {}): Promise<string> {
  const password = stdin.isTTY ? await typed(stdin, ask) : (await text(stdin)).replace(/\r?\n$/, '');
  if (password === '') throw new CommandFailed(`no password came on standard input; ${HOW}`);
  if (/[\r\n]/.test(password)) throw new CommandFailed(`standard input holds more than one line; ${HOW}`);
  return password;
}

const HOW = 'write it as one line, for example: sof … < password-file';

async function typed(stdin: Readable, ask: (words: string) => void): Promise<string> {
  ask('Password: ');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
      lines.once('SIGINT', () => reject(new Interrupted('nothing was changed')));
    });
  } finally {
    lines.close();
    ask('\n');
  }
}
