/** One migration, as a transaction or as one statement outside. */
import pg from 'pg';
import { buildIndex, isInvalid } from './build-index.ts';
import type { Migration } from './files.ts';
import { noteApplied, standingOf } from './ledger.ts';
import { besideTurn, inTurn, isInUse, type Migrating } from './turns.ts';

/** Answers whether it was new. @throws named after the migration; of one that is a transaction nothing remains then */
export async function apply(migration: Migration, migrating: Migrating): Promise<boolean> {
  const { buildsIndex } = migration;
  try {
    return buildsIndex === null
      ? await inTurn(migrating, () => applyWhole(migration, migrating))
      : await besideTurn(migrating, () => applyIndex(migration, buildsIndex, migrating));
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError)) throw cause;
    const rest = buildsIndex === null ? ', nothing of it remains' : '';
    throw new Error(`migration ${migration.name} was not applied${rest}: ${reasonOf(cause)}`, { cause });
  }
}

async function applyWhole(migration: Migration, migrating: Migrating): Promise<boolean> {
  const standing = await standingOf(migration, migrating);
  if (standing === 'applied') return false;
  if (standing === 'begun')
    throw new Error(
      `migration ${migration.name} failed earlier and was left half done by another tool: mend the database, then say so with "prisma migrate resolve"`,
    );
  await migrating.client.query(migration.sql);
  await noteApplied(migration, migrating);
  return true;
}

/** Looks at the index itself: to Prisma's engine an invalid one that was there already is as good as built. */
async function applyIndex(migration: Migration, index: string, migrating: Migrating): Promise<boolean> {
  const standing = await standingOf(migration, migrating);
  if (standing === 'applied' && !(await isInvalid(index, migrating))) return false;
  await buildIndex(index, migration.sql, migrating);
  if (standing !== 'applied') await noteApplied(migration, migrating);
  return true;
}

function reasonOf(cause: pg.DatabaseError): string {
  if (isInUse(cause)) return 'a table is in use; run it again when less is going on';
  return [cause.message, cause.detail, cause.hint, cause.where].filter(Boolean).join('. ');
}
