import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FileStoreOptions } from '@lazada-sof/clients';
import { alternativeInvoicePath, type InvoiceTarget, type StoredFile } from '@lazada-sof/orders';
import {
  makeHostKey,
  type ScriptedSftp,
  type ServedFolder,
  servedFolder,
  startScriptedFtp,
  startScriptedSftp,
  startStandIn,
} from '@lazada-sof/testkit';
import { invoiceTarget } from './invoice-target.ts';

const PATH = 'SG/2026/11/INV_SG_shop-7_123.pdf';
const file = (text: string): StoredFile => {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path: PATH, read: async () => ({ bytes, sha256 }) };
};
const INVOICE = file('%PDF-1.7 the invoice');
const OTHER_OF_SAME_SIZE = '%PDF-1.7 der beleg!!';
const alternatives = (n: number) => alternativeInvoicePath(PATH, n);

describe.each(['ftp', 'sftp'] as const)('an invoice target over %s', (protocol) => {
  let server: Awaited<ReturnType<typeof startStandIn>>;
  let folder: ServedFolder;
  let target: InvoiceTarget;
  const opened: InvoiceTarget[] = [];
  const open = (url: string | URL, options?: FileStoreOptions): InvoiceTarget => {
    const one = invoiceTarget(url, options);
    opened.push(one);
    return one;
  };
  beforeEach(async () => {
    server = await startStandIn(protocol);
    folder = servedFolder(server.folder);
    target = open(server.url);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await server.close();
  });

  test('puts the file under its path', async () => {
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: PATH });
    expect(await folder.tree()).toEqual({ [PATH]: '%PDF-1.7 the invoice' });
  });

  test('has nothing to do where the same file lies there', async () => {
    await target.put(INVOICE, alternatives);
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: PATH });
    expect(Object.keys(await folder.tree())).toEqual([PATH]);
  });

  test('takes the next name where a file of another size lies there', async () => {
    await target.put(file('%PDF-1.7 another'), alternatives);
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: 'SG/2026/11/INV_SG_shop-7_123_R2.pdf' });
  });

  test('takes the next name where a file of the same size and other content lies there', async () => {
    await target.put(file(OTHER_OF_SAME_SIZE), alternatives);
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: 'SG/2026/11/INV_SG_shop-7_123_R2.pdf' });
    expect((await folder.read(PATH)).toString()).toBe(OTHER_OF_SAME_SIZE);
  });

  test('finds its own file again behind the other one', async () => {
    await target.put(file(OTHER_OF_SAME_SIZE), alternatives);
    await target.put(INVOICE, alternatives);
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: 'SG/2026/11/INV_SG_shop-7_123_R2.pdf' });
    expect(Object.keys(await folder.tree())).toHaveLength(2);
  });

  test('gives up where twenty names are taken', async () => {
    await target.put(file('%PDF-1.7 another'), alternatives);
    const failure = { kind: 'rejected', code: 'name_taken' };
    await expect(target.put(INVOICE, () => PATH)).rejects.toMatchObject(failure);
  });

  test('tries again after a cut connection, and finds the file where only the answer was lost', async () => {
    server.faults.set('drop-rename', 1);
    await expect(target.put(INVOICE, alternatives)).rejects.toMatchObject({ kind: 'transient', code: 'reset' });
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: PATH });
    expect(Object.keys(await folder.tree())).toEqual([PATH]);
  });

  test('tries again after a full disk', async () => {
    server.faults.set('disk-full', 1);
    await expect(target.put(INVOICE, alternatives)).rejects.toMatchObject({ kind: 'transient' });
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: PATH });
  });

  test('tries again after a refused permission, and says which', async () => {
    server.faults.set('deny-write', 1);
    const denied = { kind: 'transient', code: 'permission_denied', message: expect.stringContaining(server.url.host) };
    await expect(target.put(INVOICE, alternatives)).rejects.toMatchObject(denied);
  });

  test('waits on its own ladder while the login is refused', async () => {
    server.faults.set('refuse-login', 1);
    const refused = { kind: 'not-ready', schedule: 'target', code: 'login_refused' };
    await expect(target.put(INVOICE, alternatives)).rejects.toMatchObject(refused);
  });

  test('waits on its own ladder while nobody listens', async () => {
    const url = new URL(server.url);
    url.port = '1';
    const refused = { kind: 'not-ready', schedule: 'target', code: 'connection_refused' };
    await expect(open(url).put(INVOICE, alternatives)).rejects.toMatchObject(refused);
  });

  test('stops when it is told to', async () => {
    const stopped = { kind: 'transient', code: 'aborted' };
    await expect(target.put(INVOICE, alternatives, AbortSignal.abort())).rejects.toMatchObject(stopped);
    expect(await folder.tree()).toEqual({});
  });

  test('refuses a path that leads out of the folder', async () => {
    const refused = { kind: 'rejected', code: 'path_refused' };
    await expect(target.put({ ...INVOICE, path: '../x.pdf' }, alternatives)).rejects.toMatchObject(refused);
  });
});

type Scripted = Pick<ScriptedSftp, 'url' | 'files' | 'close'>;
describe.each<[string, () => Promise<Scripted>]>([
  ['an SFTP server that answers a taken name with "permission denied"', () => startScriptedSftp({ taken: 3 })],
  ['an SFTP server that answers it with "file already exists"', () => startScriptedSftp({ taken: 11 })],
  ['an SFTP server whose rename overwrites', () => startScriptedSftp({ taken: 'overwrites' })],
  ['an SFTP server with hard links', () => startScriptedSftp({ taken: 11, hardlinks: true })],
  [
    'an FTP server without SIZE',
    () => startScriptedFtp({ answer: (command) => (command === 'SIZE' ? '502 not implemented' : undefined) }),
  ],
])('an invoice target on %s', (_, start) => {
  let server: Scripted;
  let target: InvoiceTarget;
  beforeEach(async () => {
    server = await start();
    target = invoiceTarget(server.url);
  });
  afterEach(async () => {
    await target.close();
    await server.close();
  });

  test('finds its own earlier file, by size and content', async () => {
    await target.put(INVOICE, alternatives);
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: PATH });
    expect(Object.keys(server.files.tree())).toEqual([PATH]);
  });

  test("takes the next name where another's lies there, of the same size", async () => {
    await target.put(file(OTHER_OF_SAME_SIZE), alternatives);
    expect(await target.put(INVOICE, alternatives)).toEqual({ path: 'SG/2026/11/INV_SG_shop-7_123_R2.pdf' });
    expect(server.files.tree()[PATH]).toBe(OTHER_OF_SAME_SIZE);
  });
});

test('a changed host key sends nothing, and waits until a person has looked', async () => {
  const server = await startStandIn('sftp');
  const url = new URL(server.url);
  url.search = `?hostkey=${encodeURIComponent(makeHostKey().fingerprint)}`;
  const target = invoiceTarget(url);
  const changed = { kind: 'not-ready', schedule: 'target', code: 'host_key_changed' };
  await expect(target.put(INVOICE, alternatives)).rejects.toMatchObject(changed);
  expect(await servedFolder(server.folder).tree()).toEqual({});
  await target.close();
  await server.close();
});
