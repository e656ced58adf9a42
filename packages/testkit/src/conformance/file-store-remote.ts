/** What stores behind a network promise besides: kept connections, and a word for every way in which one can fail. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FileStore, FileStoreError, type FileStoreOptions, openFileStore } from '@lazada-sof/clients';
import { freePort } from '@lazada-sof/local';
import type { FileServer } from '../file-servers/file-server.ts';
import { startWire, type Wire } from '../file-servers/wire.ts';

const PDF = Buffer.from('%PDF-1.7 an invoice %%EOF');

export function describeRemoteFileStore(given: () => FileServer): void {
  describe('behind a network', () => {
    let wire: Wire;
    const opened: FileStore[] = [];
    beforeEach(async () => {
      wire = await startWire(given().url);
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
      await wire.close();
    });

    const open = (url: URL = wire.url, options: FileStoreOptions = {}): FileStore => {
      const store = openFileStore(url, options);
      opened.push(store);
      return store;
    };
    const failure = async (work: Promise<unknown>): Promise<FileStoreError> => {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(FileStoreError);
      expect(inspect(error, { depth: 9 })).not.toContain(given().url.password);
      return error as FileStoreError;
    };

    test('uses one connection for one file after the other', async () => {
      const store = open();
      for (const n of [1, 2, 3, 4, 5]) await store.put(`INV_${n}.pdf`, PDF);
      expect(wire.connections()).toBe(1);
    });

    test('uses no more connections than it may', async () => {
      const store = open(wire.url, { connections: 2 });
      await Promise.all(Array.from({ length: 9 }, (_, n) => store.put(`INV_${n}.pdf`, PDF)));
      expect(wire.connections()).toBe(2);
    });

    test('hangs up what nobody uses', async () => {
      const store = open(wire.url, { idleMs: 20 });
      await store.put('INV_1.pdf', PDF);
      await wire.allEnded();
      await store.put('INV_2.pdf', PDF);
      expect(wire.connections()).toBe(2);
    });

    test('makes a new connection where the kept one was cut', async () => {
      const store = open(wire.url, { freshMs: 0 });
      await store.put('INV_1.pdf', PDF);
      wire.cut();
      await wire.allEnded();
      await store.put('INV_2.pdf', PDF);
      expect(wire.connections()).toBe(2);
    });

    test('asks a connection that has rested whether it still lives, and does not trust one that is silent', async () => {
      const store = open(wire.url, { freshMs: 0, connectMs: 2_000 });
      await store.put('INV_1.pdf', PDF);
      wire.silenceCurrent();
      await store.put('INV_2.pdf', PDF);
      expect(wire.connections()).toBe(2);
    });

    test('gives up a server that falls silent in the middle', async () => {
      const store = open(wire.url, { operationMs: 1_500 });
      await store.put('INV_1.pdf', PDF);
      wire.silenceCurrent();
      expect(await failure(store.put('INV_2.pdf', PDF))).toMatchObject({
        name: 'TransferDroppedError',
        code: 'timeout',
      });
    });

    test('gives up a server that never says a word', async () => {
      wire.silence();
      const store = open(wire.url, { connectMs: 300 });
      expect(await failure(store.put('INV_1.pdf', PDF))).toMatchObject({
        name: 'TargetUnreachableError',
        code: 'timeout',
      });
    });

    test('tells that nobody listens', async () => {
      const url = new URL(wire.url);
      url.port = String(await freePort());
      const refused = { name: 'TargetUnreachableError', code: 'connection_refused' };
      expect(await failure(open(url).put('INV_1.pdf', PDF))).toMatchObject(refused);
    });

    test('comes again once nobody-listens is a while ago', async () => {
      const url = new URL(wire.url);
      url.port = String(await freePort());
      const store = open(url, { coolDownMs: 0 });
      await failure(store.put('INV_1.pdf', PDF));

      const late = await startWire(given().url, Number(url.port));
      await store.put('INV_1.pdf', PDF);
      await late.close();
    });

    test('tells that the host has no address', async () => {
      const url = new URL(wire.url);
      url.hostname = 'nowhere.invalid';
      const failed = await failure(open(url).put('INV_1.pdf', PDF));
      expect(failed.name).toBe('TargetUnreachableError');
      expect(['enotfound', 'eai_again']).toContain(failed.code);
    });

    test('tells that the login is refused, and does not try it again for everybody who waits', async () => {
      const url = new URL(wire.url);
      url.password = 'not-the-password';
      const store = open(url);
      const refusals = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => failure(store.put(`INV_${n}.pdf`, PDF))));

      expect(new Set(refusals.map(({ name }) => name))).toEqual(new Set(['TargetLoginRefusedError']));
      expect(inspect(refusals, { depth: 9 })).not.toContain('not-the-password');
      expect(wire.connections()).toBe(1);
    });
  });
}
