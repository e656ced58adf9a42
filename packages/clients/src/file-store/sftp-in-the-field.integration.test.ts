/** SFTP servers as sellers have them: what each does otherwise than OpenSSH, by a server that is told to do so. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ScriptedSftp, type SftpManners, startScriptedSftp } from '@lazada-sof/testkit';
import { type FileStore, type FileStoreOptions, openFileStore } from './index.ts';

const PDF = Buffer.from('%PDF-1.7 an invoice %%EOF');
const OTHER = Buffer.from('%PDF-1.7 of somebody else, longer %%EOF');
const STATUS = { permissionDenied: 3, failure: 4, alreadyExists: 11, noSpace: 14, quota: 15 };

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});
async function serve(manners: SftpManners = {}): Promise<ScriptedSftp> {
  const server = await startScriptedSftp(manners);
  closing.push(server);
  return server;
}
function open(url: URL, options: FileStoreOptions = {}): FileStore {
  const store = openFileStore(url, options);
  closing.push(store);
  return store;
}

describe('a server whose rename overwrites', () => {
  test.each([false, true])(
    "keeps another's file, and says that it exists (hard links offered: %p)",
    async (hardlinks) => {
      const server = await serve({ taken: 'overwrites', hardlinks });
      server.files.set('/in/INV_1.pdf', OTHER);
      const taken = { name: 'FileExistsError', size: OTHER.length };
      await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(taken);
      expect(server.files.tree()).toEqual({ 'INV_1.pdf': OTHER.toString() });
    },
  );

  test('keeps a file that another puts there in the last moment, where hard links are offered', async () => {
    const server = await serve({
      taken: 'overwrites',
      hardlinks: true,
      before: (request) => {
        if (request === 'LINK' || request === 'RENAME') server.files.set('/in/INV_1.pdf', OTHER);
        return undefined;
      },
    });
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject({ name: 'FileExistsError' });
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': OTHER.toString() });
  });

  test('moves nothing over another file', async () => {
    const server = await serve({ taken: 'overwrites' });
    server.files.set('/in/a.csv', PDF);
    server.files.set('/in/b.csv', OTHER);
    await expect(open(server.url).move('a.csv', 'b.csv')).rejects.toMatchObject({ name: 'FileExistsError' });
    expect(server.files.tree()).toEqual({ 'a.csv': PDF.toString(), 'b.csv': OTHER.toString() });
  });
});

test.each([
  ['offers hard links and cannot make them on this disk', STATUS.permissionDenied],
  ['offers hard links and says no more than that it failed', STATUS.failure],
])('a server that %s gets the file by a rename', async (_, status) => {
  const server = await serve({ hardlinks: true, before: (request) => (request === 'LINK' ? status : undefined) });
  await open(server.url).put('INV_1.pdf', PDF);
  expect(server.files.tree()).toEqual({ 'INV_1.pdf': PDF.toString() });
});

describe.each([
  ['permission denied', STATUS.permissionDenied],
  ['failure', STATUS.failure],
  ['file already exists', STATUS.alreadyExists],
])('a name that is taken and answered with "%s"', (_, taken) => {
  test.each([false, true])('is a file that exists, with its size (hard links offered: %p)', async (hardlinks) => {
    const server = await serve({ taken, hardlinks });
    server.files.set('/in/INV_1.pdf', OTHER);
    const exists = { name: 'FileExistsError', code: 'file_exists', size: OTHER.length };
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(exists);
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': OTHER.toString() });
  });

  test('is told as that also where it was free a moment ago', async () => {
    const server = await serve({
      taken,
      before: (request) => {
        if (request === 'RENAME') server.files.set('/in/INV_1.pdf', OTHER);
        return undefined;
      },
    });
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject({ name: 'FileExistsError' });
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': OTHER.toString() });
  });
});

test.each([
  ['no space', STATUS.noSpace],
  ['a quota', STATUS.quota],
])('a disk that is full by %s is told as that', async (_, status) => {
  const server = await serve({ before: (request) => (request === 'WRITE' ? status : undefined) });
  const full = { name: 'DiskFullError', code: 'disk_full' };
  await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(full);
});
