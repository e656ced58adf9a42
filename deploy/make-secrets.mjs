/**
 * Makes the secrets that docker-compose.yml reads, each in a file of its own: `node deploy/make-secrets.mjs [FOLDER]`.
 * What is there already is kept. Plain JavaScript for whatever Node the machine has.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2] ?? fileURLToPath(new URL('secrets', import.meta.url));
const random = (bytes) => randomBytes(bytes).toString('hex');

/** The container gives a login its password when its database is new (make-logins.sh). */
const databaseUrl = (login) => `postgresql://${login}:${random(24)}@postgres:5432/lazada`;

/** In an order in which those that hold another one's value come after it. */
const SECRETS = {
  'database-password': () => random(24),
  'database-url': () => databaseUrl('sof_migrate'),
  'services-database-url': () => databaseUrl('sof_services'),
  'api-database-url': () => databaseUrl('sof_api'),
  'cli-database-url': () => databaseUrl('sof_cli'),
  'reader-database-url': () => databaseUrl('sof_reader'),
  'host-database-url': () => databaseUrl('sof_host'),
  'queue-password': () => random(24),
  'queue-url': (of) => `redis://:${of('queue-password')}@redis:6379`,
  'encryption-keys': () => `k1:${randomBytes(32).toString('base64')}`,
  'session-secret': () => random(32),
  'console-admin': () => `admin:${random(12)}`,
  // Empty: nothing is uploaded until a target is written into it.
  'invoice-target-url': () => '',
  // Empty: no folder is watched; file:///imports watches the volume of the compose file.
  'import-source-url': () => '',
  // Empty: DHL is not asked until its key is written into it.
  'dhl-api-key': () => '',
};

/** Containers read the files as users of their own; the folder keeps everybody else on this machine out. */
mkdirSync(folder, { recursive: true, mode: 0o700 });
const fileOf = (name) => join(folder, name);
const contentOf = (name) => readFileSync(fileOf(name), 'utf8').trim();

for (const [name, make] of Object.entries(SECRETS)) {
  const kept = existsSync(fileOf(name));
  if (!kept) writeFileSync(fileOf(name), `${make(contentOf)}\n`, { mode: 0o644 });
  console.log(`${kept ? 'kept' : 'made'} ${fileOf(name)}`);
}
