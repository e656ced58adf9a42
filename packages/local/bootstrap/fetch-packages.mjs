/** Installs what the lock file names, with the pnpm that package.json names, and shows how far it is. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { inProject, PINNED_NODE, ROOT } from './paths.mjs';
import { createProgress } from './progress.mjs';
import { UserError } from './user-error.mjs';

const ANNOUNCEMENT = `First start: fetching Node 24, PostgreSQL, Chromium and some 700 packages from the npm registry into
node_modules/: about 600 MB to fetch, 1 GB on disk. Nothing is installed outside this folder and npm's caches.`;

/** npm's own patience is over a minute without a word; with these it gives up after some ten seconds. */
const RETRY_OPTIONS = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
const INSTALL = [
  'install',
  '--frozen-lockfile',
  '--prod=false',
  '--config.confirm-modules-purge=false',
  '--reporter=ndjson',
];

export async function fetchPackages() {
  const isFirst = !existsSync(PINNED_NODE);
  console.error(isFirst ? ANNOUNCEMENT : 'The packages have changed: fetching the new ones …');
  const { packageManager } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  const progress = createProgress();
  const { code, complaints } = await runPnpm(packageManager, progress);
  progress.done();
  if (code !== 0) throw new UserError(explainFailure(complaints));
  if (!existsSync(PINNED_NODE))
    throw new UserError(`The install went through, but ${PINNED_NODE} is missing: remove node_modules and try again.`);
}

/** `npm exec` is what npx is; npm tells its scripts where it is, so that the PATH need not hold it. */
async function runPnpm(pnpm, progress) {
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...args] = [...npm, 'exec', '--yes', ...RETRY_OPTIONS, `--package=${pnpm}`, '--', 'pnpm', ...INSTALL];
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  const complaints = [];
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => read(line, progress, complaints));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(complaints.push(error.message)));
    child.once('close', resolve);
  });
  return { code, complaints };
}

/** Production mode would leave out what we run on. */
function environment() {
  const { NODE_ENV, ...rest } = process.env;
  return rest;
}

function read(line, progress, complaints) {
  const event = parse(line);
  if (!event) complaints.push(line);
  else if (event.level === 'error') complaints.push(event.message ?? event.err?.message ?? line);
  else progress.see(event);
}

function parse(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' ? value : undefined;
  } catch {
    return undefined; // npm's own words
  }
}

const NO_NETWORK =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|error sending request|dns error/;

function explainFailure(complaints) {
  const said = complaints.filter((line) => line.trim()).map((line) => `  ${line}`);
  if (NO_NETWORK.test(said.join('\n')))
    return `The npm registry cannot be reached, and the packages are needed once. Connect this machine to the internet, or tell npm
the way (npm config set proxy … / npm config set registry …), and start again: what is fetched already is kept.
${said
  .filter((line) => NO_NETWORK.test(line))
  .slice(0, 1)
  .join('')}`;
  return `The packages could not be installed:\n${said.slice(-15).join('\n')}`;
}
