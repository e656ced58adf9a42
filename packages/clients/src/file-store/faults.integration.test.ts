/** What is broken in the middle of an upload, by servers that break when they are told to. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makeHostKey, servedFolder, startStandIn, startWire } from '@lazada-sof/testkit';
import { type FileStore, openFileStore } from './index.ts';

const PDF = Buffer.from('%PDF-1.7 an invoice %%EOF');
const WHOLE = { 'INV_1.pdf': PDF.toString() };

describe.each(['ftp', 'sftp'] as const)('over %s', (protocol) => {
  let server: Awaited<ReturnType<typeof startStandIn>>;
  let store: FileStore;
  beforeEach(async () => {
    server = await startStandIn(protocol);
    store = openFileStore(server.url);
  });
  afterEach(async () => {
    await store.close();
    await server.close();
  });
  const tree = () => servedFolder(server.folder).tree();

  test('an upload cut in the middle is no file, and goes through the next time', async () => {
    server.faults.set('drop-upload', 1);
    await expect(store.put('INV_1.pdf', PDF)).rejects.toMatchObject({ name: 'TransferDroppedError' });
    expect(Object.keys(await tree())).toEqual(['.INV_1.pdf.part']);

    await store.put('INV_1.pdf', PDF);
    expect(await tree()).toEqual(WHOLE);
  });

  test('a connection cut at the rename leaves the whole file, and the next put finds it with its size', async () => {
    server.faults.set('drop-rename', 1);
    await expect(store.put('INV_1.pdf', PDF)).rejects.toMatchObject({ name: 'TransferDroppedError' });
    expect(await tree()).toEqual(WHOLE);

    await expect(store.put('INV_1.pdf', PDF)).rejects.toMatchObject({ name: 'FileExistsError', size: PDF.length });
    expect(await tree()).toEqual(WHOLE);
  });

  test('a full disk is told, and leaves no file', async () => {
    server.faults.set('disk-full', 1);
    await expect(store.put('INV_1.pdf', PDF)).rejects.toMatchObject({ name: 'DiskFullError', code: 'disk_full' });
    expect(await tree()).toEqual({});
  });

  test('a folder that nobody may write to is told as that', async () => {
    server.faults.set('deny-write', 1);
    await expect(store.put('INV_1.pdf', PDF)).rejects.toMatchObject({ name: 'PermissionDeniedError' });
  });
});

describe('the host key of an SFTP server', () => {
  test('is another one than the pinned: nothing is sent, not even a login', async () => {
    const server = await startStandIn('sftp');
    const wire = await startWire(server.url);
    const pinned = wire.url.searchParams.get('hostkey') ?? '';
    const other = makeHostKey().fingerprint;
    const store = openFileStore(wire.url.href.replace(encodeURIComponent(pinned), encodeURIComponent(other)));

    const refused = await store.put('INV_1.pdf', PDF).catch((error: unknown) => error);

    expect(refused).toMatchObject({ name: 'HostKeyChangedError', code: 'host_key_changed', seen: pinned });
    expect(String(refused)).toContain(other);
    expect(await servedFolder(server.folder).tree()).toEqual({});
    await store.close();
    await wire.close();
    await server.close();
  });
});
