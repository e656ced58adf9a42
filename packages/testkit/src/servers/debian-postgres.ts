/** The PostgreSQL that Debian has, older than the embedded one. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { programsIn } from '@lazada-sof/local';

const FOLDER = '/usr/lib/postgresql';

/** The oldest that is installed: what it does the newer ones do too. */
export function debianPostgres(): ReturnType<typeof programsIn> | { missing: string } {
  const versions = existsSync(FOLDER) ? readdirSync(FOLDER).sort((one, other) => Number(one) - Number(other)) : [];
  const oldest = versions.find((version) => existsSync(join(FOLDER, version, 'bin/postgres')));
  return oldest ? programsIn(join(FOLDER, oldest, 'bin')) : { missing: `no PostgreSQL in ${FOLDER}` };
}
