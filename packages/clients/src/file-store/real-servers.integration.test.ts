/** The servers that sellers really run, set up as they set them up. */
import { link } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { describeWithRealServer, type FileServer, servedFolder, startWire } from '@lazada-sof/testkit';
import { type FileStore, type FileStoreOptions, openFileStore } from './index.ts';

const PDF = Buffer.from('%PDF-1.7 an invoice %%EOF');
const OTHER = Buffer.from('%PDF-1.7 of somebody else, longer %%EOF');

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});
function closed<T extends { close(): Promise<void> }>(one: T): T {
  closing.push(one);
  return one;
}
const open = (url: URL, options: FileStoreOptions = {}): FileStore => closed(openFileStore(url, options));
const filesOf = async ({ folder }: FileServer) => Object.keys(await servedFolder(folder).tree());
const putMany = (store: FileStore, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => store.put(`SG/INV_${n}.pdf`, PDF)));

describeWithRealServer('sftp', "OpenSSH's server", (start) => {
  test.each([['rsa', 'ed25519'] as const, ['ecdsa', 'rsa', 'ed25519'] as const])(
    'with several host keys is known by its %s key, which is pinned',
    async (...hostKeys) => {
      const server = closed(await start({ hostKeys }));
      await open(server.url).put('INV_1.pdf', PDF);
      expect(await filesOf(server)).toEqual(['INV_1.pdf']);
    },
  );

  test('asking for the password by keyboard-interactive alone, through PAM, gets it', async () => {
    const server = closed(await start({ asksForPassword: true }));
    await open(server.url).put('INV_1.pdf', PDF);
    expect(await filesOf(server)).toEqual(['INV_1.pdf']);
  });

  test('keeps a file whose second name is the rest of a killed upload', async () => {
    const server = closed(await start());
    await servedFolder(server.folder).leave('INV_1.pdf', OTHER);
    await link(join(server.folder, 'INV_1.pdf'), join(server.folder, '.INV_1.pdf.part'));

    const taken = { name: 'FileExistsError', size: OTHER.length };
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(taken);
    expect(await servedFolder(server.folder).tree()).toEqual({ 'INV_1.pdf': OTHER.toString() });
  });
});

describeWithRealServer('ftp', 'vsftpd', (start) => {
  describe.each(['max_per_ip', 'max_clients'])('with %s', (setting) => {
    test.each([1, 2, 3])('%d gets all forty files', async (most) => {
      const server = closed(await start({ settings: { [setting]: most } }));
      await putMany(open(server.url), 40);
      expect(await filesOf(server)).toHaveLength(40);
    });
  });

  test('that hangs up after a second is noticed before the next file', async () => {
    const server = closed(await start({ settings: { idle_session_timeout: 1 } }));
    const wire = closed(await startWire(server.url));
    const store = open(wire.url);
    await store.put('INV_1.pdf', PDF);
    await wire.allEnded();
    await store.put('INV_2.pdf', PDF);
    expect((await filesOf(server)).sort()).toEqual(['INV_1.pdf', 'INV_2.pdf']);
  });
});
