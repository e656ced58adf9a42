/** Every bench one after the other, each a process of its own; at the end their rows as one table. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Row, readRows, tableOf } from './row.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** It has no rows. */
const LEFT_OUT = 'way.bench.ts';

const args = process.argv.slice(2);
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.bench.ts') && file !== LEFT_OUT);
const rows: Row[] = [];
for (const file of files.toSorted()) rows.push(...(await run(file)));
console.error(`\n${tableOf(rows.filter(({ id }) => !id.startsWith('growth/')))}`);

/** What it tells people goes to the standard error, as it comes; a bench that fails does not keep the others from running. */
async function run(file: string): Promise<Row[]> {
  const began = performance.now();
  const child = spawn(process.execPath, [`${FOLDER}${file}`, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const lines = await text(child.stdout);
  if ((await exited) !== 0) process.exitCode = 1;
  if (args.includes('--json')) process.stdout.write(lines);
  console.error(`[${file.replace('.bench.ts', '')}: ${Math.round((performance.now() - began) / 1_000)} s]`);
  return readRows(lines);
}
