/**
 * Logins that may do what their part of the system needs and nothing else, as an administrator would make them, on a cluster
 * that is ours alone. Their passwords follow from the cluster's own, so that nobody has to keep them.
 */
import { createHmac } from 'node:crypto';
import type pg from 'pg';
import { withClient } from './postgres.ts';

/** By its name, the roles of `sof migrate` that a login is a member of. */
const LOGINS = {
  /** Owns our tables. */
  migrate: ['lazada_sof_definer', 'lazada_sof_retention'],
  services: ['lazada_sof_services'],
  api: ['lazada_sof_api'],
  /** An operator's command line does what both do. */
  cli: ['lazada_sof_services', 'lazada_sof_api'],
  reader: ['lazada_sof_reader'],
  host: ['lazada_sof_host'],
} as const;
export type Login = keyof typeof LOGINS;
export const ALL_LOGINS = Object.keys(LOGINS) as Login[];

/** On a database that was migrated. May be repeated. */
export async function makeLogins(url: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const [login, roles] of Object.entries(LOGINS)) {
      await makeLogin(client, passwordOf(url, login), nameOf(login));
      for (const role of roles) await client.query(`grant ${role} to ${nameOf(login)}`);
    }
  });
}

async function makeLogin(client: pg.Client, password: string, name: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  const verb = rowCount ? 'alter' : 'create';
  await client.query(`${verb} role ${name} login password ${client.escapeLiteral(password)}`);
}

/** The same database, as this login. */
export function urlAs(url: string, login: Login): string {
  return Object.assign(new URL(url), { username: nameOf(login), password: passwordOf(url, login) }).href;
}

const nameOf = (login: string) => `sof_${login}`;
const passwordOf = (url: string, login: string) =>
  createHmac('sha256', new URL(url).password).update(login).digest('hex');
