/** Where the command line gets its settings: the environment, else `.env`, else the system that `npm start` made. */
import { existsSync, readFileSync } from 'node:fs';
import { inProject } from './paths.mjs';

/** Written by `npm start` while its system runs. */
const DEMO = inProject('.local/demo.env');
const OWN = inProject('.env');

/** What is missing in the environment. */
export function settingsForSof() {
  if (existsSync(OWN)) return withoutSet(readSettings(OWN));
  if (process.env.DATABASE_URL || process.env.DATABASE_URL_FILE || !existsSync(DEMO)) return {};
  console.error('(with the system that npm start has running)');
  return readSettings(DEMO);
}

const withoutSet = (settings) =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in process.env)));

/** Lines of `NAME=value`; a value may stand in quotes. */
function readSettings(file) {
  const lines = readFileSync(file, 'utf8').matchAll(/^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value.replace(/^(["'])(.*)\1$/, '$2')]));
}
