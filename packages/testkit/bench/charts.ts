/** `npm run bench -- charts FILE.jsonl`: draws docs/images anew from what `npm run bench -- growth --json` has told. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lineChart } from './drawing.ts';
import { growthCharts } from './growth-charts.ts';
import { readRows } from './row.ts';

const IMAGES = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const [file, ...more] = process.argv.slice(2);

if (file === undefined || more.length > 0) throw new Error('Say which file: npm run bench -- charts FILE.jsonl');
const charts = growthCharts(readRows(readFileSync(file, 'utf8')));
for (const [name, chart] of charts) {
  writeFileSync(`${IMAGES}${name}.svg`, lineChart(chart));
  console.info(`docs/images/${name}.svg`);
}
if (charts.size === 0) throw new Error(`${file} has no rows of the bench growth`);
