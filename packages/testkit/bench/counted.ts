/** Runs a program, and says on SIGUSR2 how much it has sent to PostgreSQL and Redis. */
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';

export type Sent = {
  readonly statements: number;
  /** Statements of one connection and moment go together. */
  readonly packets: number;
  /** To Redis. */
  readonly commands: number;
};

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export async function runCounted(main: string): Promise<void> {
  const sent = { statements: 0, packets: 0, commands: 0 };
  const sending = new Set<unknown>();
  // A text is one statement, however many stand in it; one that was prepared counts each time it is executed.
  before(pg.Connection.prototype, ['query', 'execute'], (connection) => {
    sent.statements += 1;
    if (sending.has(connection)) return;
    sent.packets += 1;
    sending.add(connection);
    setImmediate(() => sending.delete(connection));
  });
  before(Redis.prototype, ['sendCommand'], () => {
    sent.commands += 1;
  });
  process.on('SIGUSR2', () => console.log(JSON.stringify({ sent })));
  await import(new URL(main, `file://${ROOT}`).href);
}

type Method = (...args: unknown[]) => unknown;

function before(prototype: object, names: readonly string[], note: (owner: unknown) => void): void {
  const methods = prototype as Record<string, Method>;
  for (const name of names) {
    const method = methods[name];
    if (!method) throw new Error(`there is no ${name} any more: count by another`);
    methods[name] = function noted(this: unknown, ...args) {
      note(this);
      return method.apply(this, args);
    };
  }
}
