/** One at a time, over processes: two `npm start` in the same second must not install into the same folder. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 1_000;
/** A holder that lives touches its file every second; process ids alone are used again soon, above all in containers. */
const STALE_MS = 10_000;

/** Runs `work` while nobody else holds the file, and waits for that; `onWait` is called once where it has to. */
export async function withLock(file, work, onWait) {
  let taken = take(file);
  if (!taken) onWait?.();
  while (!taken) {
    await sleep(200);
    taken = take(file);
  }
  return hold(file, work);
}

/** Runs `work` unless somebody else holds the file: then nothing, and the answer is undefined. */
export const tryLock = async (file, work) => (take(file) ? hold(file, work) : undefined);

export const holderOf = (file) => Number(readFileSync(file, 'utf8'));

async function hold(file, work) {
  const beat = setInterval(() => touch(file), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(file, { force: true });
  }
}

function take(file) {
  mkdirSync(dirname(file), { recursive: true });
  if (isAbandoned(file)) rmSync(file, { force: true });
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(file) {
  try {
    const silentMs = Date.now() - statSync(file).mtimeMs;
    return silentMs > STALE_MS || (silentMs > BEAT_MS && !isAlive(Number(readFileSync(file, 'utf8'))));
  } catch {
    return false; // nobody holds it
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Removed by hand: the work goes on, and the next one waits for nobody.
  }
}
