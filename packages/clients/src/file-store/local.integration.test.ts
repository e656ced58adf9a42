import { link } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeFileStore, openLocalFolder, servedFolder } from '@lazada-sof/testkit';
import { openFileStore } from './index.ts';

// Root writes wherever it likes, so permissions are tested where a server obeys them.
describeFileStore('a local folder', { remote: false, obeysPermissions: false }, async () => openLocalFolder());

test('a local folder keeps a file whose second name is the rest of a killed upload', async () => {
  const { url, folder, close } = openLocalFolder();
  const store = openFileStore(url);
  await store.put('INV_1.pdf', Buffer.from('of somebody else'));
  await link(join(folder, 'INV_1.pdf'), join(folder, '.INV_1.pdf.part'));

  await expect(store.put('INV_1.pdf', Buffer.from('ours'))).rejects.toMatchObject({
    name: 'FileExistsError',
    size: 16,
  });
  expect(await servedFolder(folder).tree()).toEqual({ 'INV_1.pdf': 'of somebody else' });
  await store.close();
  await close();
});
