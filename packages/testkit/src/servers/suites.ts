/** Suites that need a Redis, a PgBouncer, or a PostgreSQL beside the embedded one. To be awaited at the top of a test file. */
import { afterAll, describe } from '@jest/globals';
import { leaveOut } from './left-out.ts';
import { findPgBouncer, type PgBouncer, type PgBouncerSettings, startPgBouncer } from './pgbouncer.ts';
import { shared } from './shared-answers.ts';
import { openEmptyDatabase, type TestDatabase } from './test-database.ts';
import type { QueueKind } from './test-queue.ts';

/** Left out, loudly, where there is no Redis. */
export async function describeOnRedis(title: string, suite: () => void): Promise<void> {
  const redis = await shared('redis');
  if ('url' in redis) return void describe(title, suite);
  leaveOut({
    what: title,
    why: redis.missing,
    remedy: 'install one (sudo apt-get install redis-server, or: brew install redis) or set QUEUE_URL=redis://…',
  });
  describe.skip(title, suite);
}

/** The same suite on both backends of the queue. */
export async function describeOnEachQueue(title: string, suite: (kind: QueueKind) => void): Promise<void> {
  describe(`${title} on PostgreSQL`, () => suite('postgres'));
  await describeOnRedis(`${title} on Redis`, () => suite('redis'));
}

/** The same suite on the embedded PostgreSQL and on Debian's, which is left out, loudly, where it is not installed. */
export async function describeOnEachPostgres(
  title: string,
  suite: (openEmpty: () => Promise<TestDatabase>) => void,
): Promise<void> {
  describe(`${title}, on the embedded PostgreSQL`, () => suite(() => openEmptyDatabase()));
  const onDebian = `${title}, on Debian’s PostgreSQL`;
  const debian = await shared('debianPostgres');
  if (!('missing' in debian)) return void describe(onDebian, () => suite(() => openEmptyDatabase('debianPostgres')));
  leaveOut({ what: onDebian, why: debian.missing, remedy: 'on Debian: sudo apt-get install postgresql' });
  describe.skip(onDebian, () => suite(() => Promise.reject(new Error(debian.missing))));
}

/** The address of a test's database by way of a pooler. */
export type Through = (url: string) => string;

/** On a PgBouncer of its own, in transaction mode unless `settings` say otherwise. Left out, loudly, where none is installed. */
export async function describeOnPgBouncer(
  title: string,
  suite: (through: Through) => void,
  settings: PgBouncerSettings = {},
): Promise<void> {
  const pooler = await openPgBouncer(title, settings);
  if (!pooler) return void describe.skip(title, () => suite((url) => url));
  describe(title, () => {
    afterAll(pooler.close);
    suite(pooler.through);
  });
}

/** For a whole file of tests. Undefined: there is none, which was said. */
export async function openPgBouncer(what: string, settings?: PgBouncerSettings): Promise<PgBouncer | undefined> {
  const program = findPgBouncer();
  if (program) return startPgBouncer(program, settings);
  leaveOut({ what, why: 'pgbouncer is not installed', remedy: 'on Debian: sudo apt-get install pgbouncer' });
  return undefined;
}
