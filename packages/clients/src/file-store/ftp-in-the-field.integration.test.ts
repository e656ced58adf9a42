/** FTP servers as sellers have them: what each does otherwise than vsftpd, by a server that is told to do so. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { type FtpManners, type ScriptedFtp, startScriptedFtp } from '@lazada-sof/testkit';
import { type FileStore, type FileStoreOptions, openFileStore } from './index.ts';

const PDF = Buffer.from('%PDF-1.7 an invoice %%EOF');
const OTHER = Buffer.from('%PDF-1.7 of somebody else, longer %%EOF');

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});
async function serve(manners: FtpManners = {}): Promise<ScriptedFtp> {
  const server = await startScriptedFtp(manners);
  closing.push(server);
  return server;
}
function open(url: string | URL, options: FileStoreOptions = {}): FileStore {
  const store = openFileStore(url, options);
  closing.push(store);
  return store;
}
const putMany = (store: FileStore, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => store.put(`INV_${n}.pdf`, PDF)));

describe('a server that lets in only so many', () => {
  test.each([1, 2, 3])('%d, and says 421 to the rest, gets all forty files', async (most) => {
    const server = await serve({ most });
    await putMany(open(server.url), 40);
    expect(Object.keys(server.files.tree())).toHaveLength(40);
  });

  test.each([
    '530 Sorry, the maximum number of clients (2) from your host are already connected.',
    '530 Sorry, no more than 2 users.',
    '421 Too many users are connected, please try again later.',
  ])('and says "%s" after the password gets all of them', async (full) => {
    const server = await serve({ most: 2, full, fullAtLogin: true });
    await putMany(open(server.url), 12);
    expect(Object.keys(server.files.tree())).toHaveLength(12);
  });

  test('is not asked for one more again and again', async () => {
    const server = await serve({ most: 1 });
    const store = open(server.url);
    for (let round = 0; round < 3; round += 1)
      await Promise.all([1, 2, 3, 4].map((n) => store.put(`${round}_${n}.pdf`, PDF)));
    expect(server.counts).toEqual({ letIn: 1, refused: 1 });
  });

  test('while others hold every connection is away for a while, which is no fault of the file', async () => {
    const server = await serve({ most: 0 });
    const away = { name: 'TooManyConnectionsError', code: 'too_many_connections' };
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(away);
  });

  test('and still counts one that has just ended gets the file all the same', async () => {
    const server = await serve({ refusesFirst: 2 });
    await open(server.url).put('INV_1.pdf', PDF);
    expect(server.counts).toEqual({ letIn: 1, refused: 2 });
  });

  test('is tried for one more after a while', async () => {
    const limits = { most: 1 };
    const server = await serve(limits);
    const store = open(server.url, { refusedMs: 0 });
    await putMany(store, 4);
    limits.most = 2;
    await Promise.all([5, 6, 7, 8].map((n) => store.put(`INV_${n}.pdf`, PDF)));
    expect(server.counts.letIn).toBe(2);
  });
});

test('no more connections are made than the URL allows', async () => {
  const server = await serve();
  await putMany(open(`${server.url}?connections=2`), 12);
  expect(server.counts).toEqual({ letIn: 2, refused: 0 });
});

test('four are made where the URL says nothing', async () => {
  const server = await serve();
  await putMany(open(server.url), 12);
  expect(server.counts).toEqual({ letIn: 4, refused: 0 });
});

describe('a server that hangs up while nobody uses the connection', () => {
  test.each([undefined, '421 Timeout.'])('is noticed before the next file (it says: %p)', async (words) => {
    const server = await serve();
    const store = open(server.url);
    await store.put('INV_1.pdf', PDF);
    server.hangUp(words);
    await store.put('INV_2.pdf', PDF);
    expect(server.counts.letIn).toBe(2);
  });

  test('after every single file gets each of those that wait', async () => {
    const server = await serve({ hangsUpAfter: 'RNTO' });
    await putMany(open(`${server.url}?connections=1`), 5);
    expect(Object.keys(server.files.tree())).toHaveLength(5);
  });

  test('but where it does so in the middle of a file that is told, and not asked again on the quiet', async () => {
    const server = await serve({ hangsUpAfter: 'STOR /in/.INV_2' });
    const store = open(server.url);
    await store.put('INV_1.pdf', PDF);
    await expect(store.put('INV_2.pdf', PDF)).rejects.toMatchObject({ name: 'TransferDroppedError', code: 'reset' });
    expect(server.counts.letIn).toBe(1);
  });
});

describe.each([500, 502, 504])('a server that answers %d to SIZE', (code) => {
  const lacking: FtpManners = {
    answer: (command) => (['SIZE', 'MDTM'].includes(command) ? `${code} ${command} not understood` : undefined),
  };

  test('gets the file, seen in the listing', async () => {
    const server = await serve(lacking);
    const store = open(server.url);
    await store.put('INV_1.pdf', PDF);
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': PDF.toString() });
    expect([await store.stat('INV_1.pdf'), await store.stat('INV_2.pdf')]).toEqual([PDF.length, null]);
  });

  test('keeps what lies there under its name', async () => {
    const server = await serve(lacking);
    server.files.set('/in/INV_1.pdf', OTHER);
    const taken = { name: 'FileExistsError', size: OTHER.length };
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(taken);
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': OTHER.toString() });
  });

  test('is asked for it once a connection', async () => {
    const server = await serve(lacking);
    const store = open(`${server.url}?connections=1`);
    for (const n of [1, 2, 3]) await store.put(`INV_${n}.pdf`, PDF);
    expect(server.asked.filter((command) => command.startsWith('SIZE'))).toHaveLength(1);
  });

  test('and has rests of others in its folder is not kept from taking files', async () => {
    const server = await serve(lacking);
    server.files.set('/in/.INV_9.pdf.part', OTHER);
    await open(server.url).put('INV_1.pdf', PDF);
    expect(Object.keys(server.files.tree())).toContain('INV_1.pdf');
  });
});

test('a name that is taken in the last moment is a file that exists', async () => {
  const server = await serve({
    answer: (command, path) => {
      if (command !== 'RNTO') return undefined;
      server.files.set(path, OTHER);
      return '553 file exists';
    },
  });
  await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject({ name: 'FileExistsError' });
  expect(server.files.tree()).toEqual({ 'INV_1.pdf': OTHER.toString() });
});

test.each(['169,254,169,254,0,80', '10,0,0,5,24,235'])(
  'a server that sends files on to another machine (%s) is not obeyed',
  async (elsewhere) => {
    const server = await serve({
      answer: (command) =>
        ({ EPSV: '502 Command not implemented', PASV: `227 Entering Passive Mode (${elsewhere}).` })[command],
    });
    const host = elsewhere.split(',').slice(0, 4).join('.');
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toThrow(`another host (${host})`);
    expect(server.asked.filter((line) => line.startsWith('STOR'))).toEqual([]);
  },
);

describe('a disk that is full', () => {
  test('by a quota that cuts the transfer before it says 552 is told as that, and what was left goes', async () => {
    const server = await serve({ quota: 100_000 });
    const full = { name: 'DiskFullError', code: 'disk_full', message: expect.stringContaining('quota exceeded') };
    await expect(open(server.url).put('INV_1.pdf', Buffer.alloc(20_000_000))).rejects.toMatchObject(full);
    expect(server.files.tree()).toEqual({});
  });

  test.each([
    '451 Failure writing to local file: No space left on device',
    '550 There is not enough space on the disk.',
  ])('is told as that by "%s" too', async (reply) => {
    const server = await serve({ answer: (command) => (command === 'STOR' ? reply : undefined) });
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject({ code: 'disk_full' });
  });
});

describe('a server that forbids names with a dot in front', () => {
  const forbidding: FtpManners = {
    answer: (_, path) => (/\/\./.test(path) ? '553 Prohibited file name' : undefined),
  };

  test('takes files under partial=suffix', async () => {
    const server = await serve(forbidding);
    await open(`${server.url}?partial=suffix`).put('INV_1.pdf', PDF);
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': PDF.toString() });
    expect(server.asked).toContain('STOR /in/INV_1.pdf.part');
  });

  test('refuses them without', async () => {
    const server = await serve(forbidding);
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  test('keeps the rests of others, whose they may be', async () => {
    const server = await serve(forbidding);
    server.files.set('/in/theirs.csv.part', OTHER);
    await open(`${server.url}?partial=suffix`).put('INV_1.pdf', PDF);
    expect(Object.keys(server.files.tree()).sort()).toEqual(['INV_1.pdf', 'theirs.csv.part']);
  });
});
