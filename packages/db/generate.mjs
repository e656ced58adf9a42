/**
 * Makes the Prisma client in src/generated. Plain JavaScript, since it runs before anything is installed in full, and
 * without internet. Does nothing where the client was made from the same schema by the same Prisma.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const prismaFolder = path.join(here, '../../prisma');
const schema = path.join(prismaFolder, 'schema.prisma');
const stamp = path.join(here, 'src/generated/.made-from');

/** Generates the client unless it is there already. Throws with Prisma's own words where that fails. */
export function generate() {
  const prisma = createRequire(import.meta.url).resolve('prisma/package.json');
  const madeFrom = createHash('sha256').update(readFileSync(schema)).update(readFileSync(prisma)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === madeFrom) return;

  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [
      path.join(path.dirname(prisma), 'build/index.js'),
      'generate',
      '--config',
      path.join(prismaFolder, 'prisma.config.ts'),
    ],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        CHECKPOINT_DISABLE: '1',
        // Generating needs no schema engine, but Prisma would download one: any file that exists keeps it from that.
        // For this command only: with it, `prisma migrate deploy` says "done" and does nothing.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      },
    },
  );
  if (error || status !== 0) throw new Error(`prisma generate failed: ${error?.message ?? `${stderr}\n${stdout}`}`);
  writeFileSync(stamp, madeFrom);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) generate();
