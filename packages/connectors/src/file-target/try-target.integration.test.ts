import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type FileServer,
  makeHostKey,
  openLocalFolder,
  type ScriptedFtp,
  servedFolder,
  startScriptedFtp,
  startStandIn,
} from '@lazada-sof/testkit';
import { targetMistakes, tryTarget } from './try-target.ts';

const NAME = /^sof-doctor-[0-9a-f]{12}\.tmp$/;

describe.each<[string, () => Promise<FileServer>]>([
  ['ftp', () => startStandIn('ftp')],
  ['sftp', () => startStandIn('sftp')],
  ['a folder', async () => openLocalFolder()],
])('a target that is well, over %s', (_, start) => {
  let server: FileServer;
  beforeEach(async () => {
    server = await start();
    mkdirSync(server.folder, { recursive: true });
  });
  afterEach(() => server.close());

  test('takes a file, gives it back, lets it be removed, and nothing is left', async () => {
    expect(await tryTarget(server.url.href)).toEqual({
      label: expect.not.stringContaining('hidden-in-every-message'),
      fileName: expect.stringMatching(NAME),
      failures: {},
    });
    expect(await servedFolder(server.folder).tree()).toEqual({});
  });
});

test('a folder of this machine that is not there is told, and not made', async () => {
  const { folder, close } = openLocalFolder();
  const missing = join(folder, 'not mounted');
  expect(await tryTarget(pathToFileURL(missing).href)).toMatchObject({
    failures: { put: `there is no folder ${missing} on this machine: make it, or mount the volume there` },
  });
  expect(existsSync(missing)).toBe(false);
  await close();
});

describe('a target that is not', () => {
  let server: ScriptedFtp;
  afterEach(() => server?.close());
  const refusing = async (command: string, words = '550 Permission denied') => {
    server = await startScriptedFtp({ answer: (asked) => (asked === command ? words : undefined) });
    return tryTarget(server.url.href);
  };

  test('lets nobody write: said in its words, without the password, and nothing is left', async () => {
    const { failures } = await refusing('STOR');
    expect(failures).toEqual({ put: expect.stringContaining('Permission denied') });
    expect(JSON.stringify(failures)).not.toContain('hidden-in-every-message');
    expect(server.files.tree()).toEqual({});
  });

  test('has no room', async () => {
    server = await startScriptedFtp({ quota: 10 });
    expect(await tryTarget(server.url.href)).toMatchObject({ failures: { put: expect.any(String) } });
    expect(server.files.tree()).toEqual({});
  });

  test('gives nothing back: it was removed all the same', async () => {
    expect(await refusing('RETR')).toMatchObject({ failures: { read: expect.stringContaining('Permission denied') } });
    expect(server.files.tree()).toEqual({});
  });

  test('lets nothing be removed: what lies there is named', async () => {
    const { failures, fileName } = await refusing('DELE');
    expect(failures).toEqual({ remove: expect.stringContaining('Permission denied') });
    expect(Object.keys(server.files.tree())).toEqual([fileName]);
  });

  test.each(['STOR', 'RNTO', 'RETR', 'DELE'])('is left in the middle, at %s: nothing is left there', async (at) => {
    const leaving = new AbortController();
    const answer = (asked: string) => {
      if (asked === at) leaving.abort();
      return undefined;
    };
    server = await startScriptedFtp({ answer });
    await tryTarget(server.url.href, leaving.signal);
    expect(server.files.tree()).toEqual({});
    expect(server.asked.filter((line) => /^DELE .*sof-doctor-[0-9a-f]{12}\.tmp$/.test(line))).toHaveLength(1);
  });

  test('is left before anything was put: nothing is put', async () => {
    server = await startScriptedFtp();
    await tryTarget(server.url.href, AbortSignal.abort());
    expect(server.asked).toEqual([]);
  });

  test('is not there', async () => {
    server = await startScriptedFtp();
    await server.close();
    expect(await tryTarget(server.url.href)).toMatchObject({
      failures: { put: expect.stringContaining('ftp://127.0.0.1') },
    });
  });

  test('shows another host key: nothing was sent', async () => {
    const sftp = await startStandIn('sftp');
    const url = new URL(sftp.url);
    url.search = `?hostkey=${encodeURIComponent(makeHostKey().fingerprint)}`;
    expect(await tryTarget(url.href)).toMatchObject({ failures: { put: expect.stringContaining('pin hostkey=') } });
    expect(await servedFolder(sftp.folder).tree()).toEqual({});
    await sftp.close();
  });
});

test.each([
  ['file:///invoices', []],
  ['sftp://u:p@h/x?hostkey=SHA256:a&proxy=1', [expect.stringContaining('"proxy" is unknown')]],
])('what is wrong with %s is said without asking anybody', (url, mistakes) => {
  expect(targetMistakes(url)).toEqual(mistakes);
});
