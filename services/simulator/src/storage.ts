/** The world in a folder, so that it is there again at the next start. Without a folder nothing is kept. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeHostKey, selfSignedCertificate } from './file-targets/index.ts';
import type { Identity } from './file-targets/targets.ts';
import type { World, WorldData } from './world/world.ts';

/** At most a twentieth of the time goes into saving, however large the world has become. */
const SAVE_AFTER_MS = 1_000;
const SHARE = 20;

export type Storage = {
  readonly folder: string;
  /** Of the file targets: kept too, since a client pins it. */
  readonly identity: Identity;
  /** Writes the world down once more and forgets a folder that was only for this run. */
  close(): void;
};

/** Reads the world from the folder where it was kept there, and keeps it there from now on. */
export function openStorage(world: World, folder: string | undefined): Storage {
  if (folder === undefined) return tempStorage();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'world.json');
  if (existsSync(file)) world.restore(JSON.parse(readFileSync(file, 'utf8')) as WorldData);
  let written = '';
  const save = () => {
    const text = JSON.stringify(world.data());
    if (text !== written) writeAtomically(file, text);
    written = text;
  };
  let timer = setTimeout(saveAgain, SAVE_AFTER_MS).unref();
  function saveAgain(): void {
    const began = performance.now();
    save();
    timer = setTimeout(saveAgain, Math.max(SAVE_AFTER_MS, SHARE * (performance.now() - began))).unref();
  }
  const close = () => {
    clearTimeout(timer);
    save();
  };
  return { folder, identity: identityIn(join(folder, 'identity.json')), close };
}

function tempStorage(): Storage {
  const folder = mkdtempSync(join(tmpdir(), 'lazada-simulator-'));
  return { folder, identity: newIdentity(), close: () => rmSync(folder, { recursive: true, force: true }) };
}

function identityIn(file: string): Identity {
  if (!existsSync(file)) writeAtomically(file, JSON.stringify(newIdentity()));
  return JSON.parse(readFileSync(file, 'utf8')) as Identity;
}

function newIdentity(): Identity {
  return { certificate: selfSignedCertificate(), hostKey: makeHostKey() };
}

/** Under another name first, so that a reader finds the old text or the new one and never half of it. */
function writeAtomically(file: string, text: string): void {
  writeFileSync(`${file}.part`, text, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}
