import { randomBytes } from 'node:crypto';
import { type Login, urlAs, withClient } from '@lazada-sof/local';
import { shared } from './shared-answers.ts';

export type TestDatabase = {
  /** As whoever owns it. */
  url: string;
  /** As one that may do less. */
  as(login: Login): string;
  /** What the host, or a person in psql, does. Answers the rows. */
  sql<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Removes it, whoever is still connected. */
  close(): Promise<void>;
};

/** A migrated database of one's own, copied from a template. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = await shared('template');
  return makeDatabase(adminUrl, `template ${template}`);
}

/** A database with nothing in it. */
export async function openEmptyDatabase(server: 'postgres' | 'debianPostgres' = 'postgres'): Promise<TestDatabase> {
  const answer = await shared(server);
  if ('missing' in answer) throw new Error(answer.missing);
  return makeDatabase(answer.adminUrl, '');
}

async function makeDatabase(adminUrl: string, options: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const run = (sql: string) => withClient(adminUrl, (client) => client.query(sql));
  await run(`create database ${name} ${options}`);
  const url = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  return {
    url,
    as: (login) => urlAs(url, login),
    sql: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await withClient(url, (client) => client.query<Row>(text, values))).rows,
    close: async () => {
      await run(`drop database if exists ${name} with (force)`);
    },
  };
}
