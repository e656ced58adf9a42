/** What a demonstration keeps in its folder from one start to the next. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHORTEST_PASSWORD } from '@lazada-sof/db';
import { hasData, missingDataFolder, removeDataFolder } from '../postgres/data-folder.ts';

export type Secrets = { encryptionKeys: string; sessionSecret: string; password: string; apiKey?: string };

const SECRETS = 'secrets.json';
/** Where the simulator keeps what it knows, and the folders of everything else that is made. */
const MADE = ['simulator', 'invoices', 'import', 'logs', 'appendonlydir', 'redis.log', 'postgres.log', SECRETS];

export const simulatorFolder = (dir: string) => join(dir, 'simulator');
/** Watched: what is dropped there is imported. */
export const importsFolder = (dir: string) => join(dir, 'import');
export const invoicesFolder = (dir: string) => join(dir, 'invoices');

/** Keys of earlier starts, without which what they encrypted cannot be read. */
export function readSecrets(dir: string): Secrets {
  const file = join(dir, SECRETS);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const made = {
    encryptionKeys: `demo:${randomBytes(32).toString('base64')}`,
    sessionSecret: randomBytes(32).toString('hex'),
    password: newPassword(),
  };
  mkdirSync(dir, { recursive: true });
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

const newPassword = () => randomBytes(9).toString('base64url');

/** A longer password in place of one of an earlier version: first where it counts, then in the file that it is shown from. */
export async function lengthenPassword(dir: string, change: (password: string) => Promise<void>): Promise<void> {
  const secrets = readSecrets(dir);
  if (secrets.password.length >= SHORTEST_PASSWORD) return;
  const password = newPassword();
  await change(password);
  writeFileSync(join(dir, SECRETS), JSON.stringify({ ...secrets, password }), { mode: 0o600 });
}

/** For the next start, whose database knows the key by its hash alone. */
export function keepApiKey(dir: string, apiKey: string): void {
  writeFileSync(join(dir, SECRETS), JSON.stringify({ ...readSecrets(dir), apiKey }), { mode: 0o600 });
}

/** Says what of an earlier start is gone; database and simulator are of use only together. */
export function missingState(dir: string): string | undefined {
  const folder = missingDataFolder(dir);
  if (folder) return `the folder of the database, ${folder}`;
  return hasData(dir) && !existsSync(simulatorFolder(dir)) ? "the simulator's memory" : undefined;
}

/** Throws everything away that starts have made. */
export function deleteState(dir: string): void {
  removeDataFolder(dir);
  for (const name of MADE) rmSync(join(dir, name), { recursive: true, force: true });
}

/** For `npm run sof` in a second terminal: the settings of the system that runs. Answers how they are taken back. */
export function publishSettings(dir: string, env: Readonly<Record<string, string>>): () => void {
  const file = join(dir, 'demo.env');
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}
