/** What every file store promises. A new protocol is one more call of this. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type FileStore, type FileStoreOptions, openFileStore } from '@lazada-sof/clients';
import type { FileServer } from '../file-servers/file-server.ts';
import { type ServedFolder, servedFolder } from '../file-servers/served-folder.ts';
import { describeRemoteFileStore } from './file-store-remote.ts';
import { killUploader } from './kill-uploader.ts';

const PDF = Buffer.from('%PDF-1.7 an invoice %%EOF');
const OTHER = Buffer.from('%PDF-1.7 another invoice, longer %%EOF');
const HOUR = 3_600_000;

export type FileStoreTraits = {
  /** Behind a network: connections can fail. */
  readonly remote: boolean;
  /** It runs as somebody whom permissions stop, so not as root. */
  readonly obeysPermissions: boolean;
};

export function describeFileStore(title: string, traits: FileStoreTraits, start: () => Promise<FileServer>): void {
  describe(`the file store on ${title}`, () => {
    let server: FileServer;
    let store: FileStore;
    let folder: ServedFolder;
    beforeAll(async () => {
      server = await start();
      folder = servedFolder(server.folder);
      store = openFileStore(server.url);
    });
    afterAll(async () => {
      await store?.close();
      await server?.close();
    });
    beforeEach(() => folder.clear());

    type Fresh = FileStoreOptions & { url?: URL };
    /** With one that has not seen any folder yet. */
    async function withFresh(
      work: (fresh: FileStore) => Promise<unknown>,
      { url, ...options }: Fresh = {},
    ): Promise<void> {
      const fresh = openFileStore(url ?? server.url, options);
      await work(fresh).finally(() => fresh.close());
    }

    describe('puts a file', () => {
      test('into folders that it makes, under its name and nothing else', async () => {
        await store.put('SG/2026/11/INV_1.pdf', PDF);

        expect(await folder.tree()).toEqual({ 'SG/2026/11/INV_1.pdf': PDF.toString() });
      });

      test('never over another: it tells the size of what lies there', async () => {
        await store.put('INV_1.pdf', OTHER);

        await expect(store.put('INV_1.pdf', PDF)).rejects.toMatchObject({
          name: 'FileExistsError',
          size: OTHER.length,
        });
        expect(await folder.tree()).toEqual({ 'INV_1.pdf': OTHER.toString() });
      });

      test('once where two come with the same name at the same moment', async () => {
        const puts = await Promise.allSettled([store.put('INV_1.pdf', PDF), store.put('INV_1.pdf', OTHER)]);

        expect(puts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
        expect(await folder.tree()).toEqual({ 'INV_1.pdf': PDF.toString() });
      });

      test('twenty times at the same moment, each with its own content', async () => {
        const names = Array.from({ length: 20 }, (_, n) => `SG/INV_${n}.pdf`);
        await Promise.all(names.map((name) => store.put(name, Buffer.from(name))));

        expect(await folder.tree()).toEqual(Object.fromEntries(names.map((name) => [name, name])));
      });

      test.each([
        ['of one byte', 1],
        ['of 3 MB', 3 * 1024 * 1024],
      ])('%s whole', async (_, size) => {
        const bytes = Buffer.alloc(size, 'lazada ');
        await store.put('big.pdf', bytes);
        expect((await folder.read('big.pdf')).equals(bytes)).toBe(true);
      });

      test('over the rest of a killed upload', async () => {
        await folder.leave('.INV_1.pdf.part', OTHER);
        await store.put('INV_1.pdf', PDF);
        expect(await folder.tree()).toEqual({ 'INV_1.pdf': PDF.toString() });
      });

      test('and clears what killed uploads left more than an hour ago, nothing else', async () => {
        await folder.leave('.INV_8.pdf.part', OTHER, 2 * HOUR);
        await folder.leave('.INV_9.pdf.part', OTHER, HOUR / 2);
        await folder.leave('.profile', OTHER, 2 * HOUR);
        await folder.leave('import.csv.part', OTHER, 2 * HOUR);

        await withFresh((fresh) => fresh.put('INV_1.pdf', PDF));

        const left = Object.keys(await folder.tree()).sort();
        expect(left).toEqual(['.INV_9.pdf.part', '.profile', 'INV_1.pdf', 'import.csv.part']);
      });

      test('into a folder that was there before and that somebody removed', async () => {
        await store.put('TH/INV_1.pdf', PDF);
        await folder.removeFolder('TH');
        // Not every server says why it cannot: then the first put fails, and the next one makes the folder again.
        await store.put('TH/INV_2.pdf', PDF).catch(() => store.put('TH/INV_2.pdf', PDF));
        expect(await folder.tree()).toEqual({ 'TH/INV_2.pdf': PDF.toString() });
      });

      test('not where the signal came first, and is good for the next', async () => {
        const gone = new Error('shutting down');
        await expect(store.put('INV_1.pdf', PDF, AbortSignal.abort(gone))).rejects.toBe(gone);

        const stop = new AbortController();
        const put = store.put('INV_2.pdf', Buffer.alloc(60_000_000), stop.signal);
        stop.abort(gone);
        await expect(put).rejects.toBe(gone);

        await store.put('INV_3.pdf', PDF);
        expect(Object.keys(await folder.tree()).filter((name) => !name.endsWith('.part'))).toEqual(['INV_3.pdf']);
      });

      test('or nothing: an uploader killed in the middle leaves no file under its name', async () => {
        await store.put('SG/INV_0.pdf', PDF);
        await killUploader(server, 'SG/INV_1.pdf');
        expect(Object.keys(await folder.tree()).sort()).toEqual(['SG/.INV_1.pdf.part', 'SG/INV_0.pdf']);

        await store.put('SG/INV_1.pdf', PDF);
        expect(await folder.tree()).toEqual({ 'SG/INV_0.pdf': PDF.toString(), 'SG/INV_1.pdf': PDF.toString() });
      });
    });

    describe('looks', () => {
      test('at the size of a file, and finds none where there is none', async () => {
        await store.put('SG/INV_1.pdf', PDF);

        expect(await store.stat('SG/INV_1.pdf')).toBe(PDF.length);
        expect(await store.stat('SG/INV_2.pdf')).toBeNull();
        expect(await store.stat('VN/INV_1.pdf')).toBeNull();
      });

      test('at what lies in a folder, hidden files too', async () => {
        await store.put('look/SG/INV_1.pdf', PDF);
        await store.put('look/orders.csv', OTHER);
        await folder.leave('look/.orders.csv.part', PDF);

        expect([...(await store.list('look'))].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
          { name: '.orders.csv.part', size: PDF.length, kind: 'file' },
          { name: 'SG', size: 0, kind: 'folder' },
          { name: 'orders.csv', size: OTHER.length, kind: 'file' },
        ]);
        expect(await store.list('')).toContainEqual({ name: 'look', size: 0, kind: 'folder' });
      });

      test('into a folder that is not there, and finds nothing', async () => {
        expect(await store.list('VN/1999')).toEqual([]);
      });

      test('into a base folder that is not there, and finds nothing', async () => {
        const nowhere = new URL(server.url);
        nowhere.pathname += '-not-made';
        await withFresh((fresh) => expect(fresh.list('')).resolves.toEqual([]), { url: nowhere });
      });
    });

    describe('reads', () => {
      test('what lies there', async () => {
        await store.put('SG/INV_1.pdf', PDF);
        expect(await store.read('SG/INV_1.pdf')).toEqual(PDF);
      });

      test('nothing that is not there', async () => {
        await expect(store.read('INV_1.pdf')).rejects.toMatchObject({
          name: 'FileNotFoundError',
          code: 'file_not_found',
        });
      });

      test('nothing larger than it may hold in memory', async () => {
        await store.put('INV_1.pdf', PDF);
        await withFresh(
          (small) => expect(small.read('INV_1.pdf')).rejects.toMatchObject({ name: 'FileTooLargeError' }),
          {
            maxReadBytes: PDF.length - 1,
          },
        );
      });
    });

    describe('streams', () => {
      const LARGE = Buffer.alloc(3_000_000, 'a line of a large file\n');
      const whole = async (bytes: AsyncIterable<Uint8Array>) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of bytes) pieces.push(piece);
        return { pieces: pieces.length, bytes: Buffer.concat(pieces) };
      };

      test('what is larger than one piece, byte by byte, and is good for the next', async () => {
        await store.put('orders.csv', LARGE);
        const streamed = await store.stream('orders.csv', whole);
        expect(streamed.bytes.equals(LARGE)).toBe(true);
        expect(streamed.pieces).toBeGreaterThan(1);
        expect(await store.stat('orders.csv')).toBe(LARGE.length);
      });

      test('an empty file, as nothing', async () => {
        await folder.leave('orders.csv', Buffer.alloc(0));
        expect((await store.stream('orders.csv', whole)).bytes).toEqual(Buffer.alloc(0));
      });

      test('nothing that is not there', async () => {
        const missing = { name: 'FileNotFoundError', code: 'file_not_found' };
        await expect(store.stream('orders.csv', whole)).rejects.toMatchObject(missing);
      });

      test('only so far as somebody reads, who may have had enough, and is good for the next', async () => {
        await store.put('orders.csv', LARGE);
        const first = await store.stream('orders.csv', async (bytes) => {
          for await (const piece of bytes) return piece.length;
          return 0;
        });
        expect(first).toBeGreaterThan(0);
        expect(first).toBeLessThan(LARGE.length);
        expect(await store.stat('orders.csv')).toBe(LARGE.length);
      });

      test('and whoever reads may fail: that is the error', async () => {
        await store.put('orders.csv', LARGE);
        const full = store.stream('orders.csv', async (bytes) => {
          for await (const _ of bytes) throw new Error('the database is full');
        });
        await expect(full).rejects.toThrow('the database is full');
        expect(await store.stat('orders.csv')).toBe(LARGE.length);
      });
    });

    describe('a folder that others fill', () => {
      const NAMES = ['รายงาน 2.csv', 'März (Kopie).csv', 'a  b.csv', "it's 100%.csv", 'x..csv'];

      test('has names with any letters, which are listed, read and moved', async () => {
        for (const name of NAMES) await folder.leave(name, PDF);
        await withFresh(
          async (fresh) => {
            const files = (await fresh.list('')).filter(({ kind }) => kind === 'file');
            const listed = files.map(({ name }) => name);
            expect(listed.sort()).toEqual(NAMES.toSorted());
            for (const name of NAMES) {
              expect(await fresh.read(name)).toEqual(PDF);
              await fresh.move(name, `processed/${name}`);
            }
          },
          { names: 'any' },
        );
        expect(Object.keys(await folder.tree()).sort()).toEqual(NAMES.map((name) => `processed/${name}`).sort());
      });

      test.each([
        '../x.csv',
        'x.csv\r\nDELE y.csv',
        '.x.csv',
        ' x.csv',
        'x\\y.csv',
        'x\ufffd.csv',
        `${'ก'.repeat(90)}.csv`,
      ])('is asked for no %j all the same', async (path) => {
        await withFresh((fresh) => expect(fresh.stat(path)).rejects.toMatchObject({ name: 'PathRefusedError' }), {
          names: 'any',
        });
      });

      test('tells when a file was written', async () => {
        await folder.leave('orders.csv', PDF);
        const written = await store.modifiedAt('orders.csv');
        expect(written === null || Math.abs(Date.now() - written.getTime()) < HOUR).toBe(true);
        expect(await store.modifiedAt('none.csv')).toBeNull();
      });
    });

    describe('moves', () => {
      test('a file into a folder that it makes', async () => {
        await store.put('orders.csv', PDF);
        await store.move('orders.csv', 'processed/orders.csv');
        expect(await folder.tree()).toEqual({ 'processed/orders.csv': PDF.toString() });
      });

      test('nothing over another file', async () => {
        await store.put('orders.csv', PDF);
        await store.put('processed/orders.csv', OTHER);

        const refused = { name: 'FileExistsError', size: OTHER.length };
        await expect(store.move('orders.csv', 'processed/orders.csv')).rejects.toMatchObject(refused);
        expect(await folder.tree()).toEqual({ 'orders.csv': PDF.toString(), 'processed/orders.csv': OTHER.toString() });
      });

      test('nothing that is not there', async () => {
        const missing = { name: 'FileNotFoundError' };
        await expect(store.move('orders.csv', 'processed/orders.csv')).rejects.toMatchObject(missing);
      });
    });

    test('removes a file, also where somebody was faster', async () => {
      await store.put('INV_1.pdf', PDF);
      await store.remove('INV_1.pdf');
      await store.remove('INV_1.pdf');
      expect(await folder.tree()).toEqual({});
    });

    test('takes nothing any more once it is closed', async () => {
      const closed = openFileStore(server.url);
      await closed.put('INV_1.pdf', PDF);
      await closed.close();
      await expect(closed.put('INV_2.pdf', PDF)).rejects.toMatchObject({ code: 'closed' });
    });

    test.each([
      ['a way up', '../INV_1.pdf'],
      ['a way up in the middle', 'SG/../../INV_1.pdf'],
      ['the root', '/etc/passwd'],
      ['a second command', 'INV_1.pdf\r\nDELE orders.csv'],
      ['a hidden file', 'SG/.INV_1.pdf'],
      ['a device', 'SG/con.pdf'],
      ['NUL', 'INV_1\u0000.pdf'],
      ['a mark that turns text around', 'INV_\u202Efdp.exe'],
      ['an endless name', `${'9'.repeat(300)}.pdf`],
      ['a folder', 'SG/'],
    ])('refuses %s as a path, whatever it is for', async (_, path) => {
      const refused = { name: 'PathRefusedError' };
      await expect(store.put(path, PDF)).rejects.toMatchObject(refused);
      await expect(store.move('orders.csv', path)).rejects.toMatchObject(refused);
      await expect(store.read(path)).rejects.toMatchObject(refused);
      await expect(store.remove(path)).rejects.toMatchObject(refused);
      await expect(store.stat(path)).rejects.toMatchObject(refused);
      await expect(store.list(path)).rejects.toMatchObject(refused);
      expect(await folder.tree()).toEqual({});
    });

    if (traits.obeysPermissions) {
      test('tells that it may not write', async () => {
        await folder.forbidWriting();
        const denied = { name: 'PermissionDeniedError', code: 'permission_denied' };
        await expect(store.put('INV_1.pdf', PDF)).rejects.toMatchObject(denied);
      });
    }
    if (traits.remote) describeRemoteFileStore(() => server);
  });
}
