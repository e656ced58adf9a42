/** Runs one statement on the database of a running `npm start`: node packages/local/sql.mjs "select …". */
import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';

const settings = new URL('../../.local/demo.env', import.meta.url);
const [statement] = process.argv.slice(2);

async function main() {
  if (!statement) return fail('Say what to run: node packages/local/sql.mjs "select …"');
  if (!existsSync(settings)) return fail('npm start is not running here.');
  const [, url] = readFileSync(settings, 'utf8').match(/^DATABASE_URL=(.*)$/m);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { command, rowCount, rows } = await client.query(statement);
    if (rows.length > 0) console.table(rows);
    console.log(`${command} ${rowCount ?? ''}`);
  } finally {
    await client.end();
  }
}

function fail(words) {
  console.error(words);
  process.exitCode = 1;
}

main().catch((error) => fail(error.message));
