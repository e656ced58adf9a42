/**
 * The migrations as files, in the layout of Prisma. Most are one transaction: they are there whole, or not at all. A file
 * that holds nothing but one statement to build or drop an index concurrently runs outside, so that nobody waits meanwhile;
 * Prisma's engine runs such a file outside too.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const FOLDER = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url));

export type Migration = {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
  /** The index that it builds, or drops, while everybody goes on; null: it is a transaction. */
  readonly buildsIndex: string | null;
};

/** In the order in which they are applied. */
export function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) throw new Error(`no migrations at ${folder}: the installation is incomplete`);
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex'), buildsIndex: indexOf(name, sql) };
    });
}

const DROPPED = /^drop index concurrently if exists (?<schema>\w+)\.(?<index>\w+);$/i;
const CONCURRENTLY = /^create (?:unique )?index concurrently if not exists (?<index>\w+) on (?<schema>\w+)\.\w+ /i;

function indexOf(name: string, sql: string): string | null {
  const code = sql.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim();
  if (!/\bconcurrently\b/i.test(code)) return null;
  const found = CONCURRENTLY.exec(code) ?? DROPPED.exec(code);
  if (!found?.groups || code.indexOf(';') !== code.length - 1)
    throw new Error(
      `migration ${name}: what is built concurrently is one statement alone, "create index concurrently if not exists NAME on SCHEMA.TABLE (…);" or "drop index concurrently if exists SCHEMA.NAME;"`,
    );
  return `${found.groups.schema}.${found.groups.index}`;
}
