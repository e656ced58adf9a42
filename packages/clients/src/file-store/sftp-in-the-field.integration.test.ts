/** SFTP servers as sellers have them: what each does otherwise than OpenSSH, by a server that is told to do so. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { makeHostKey, type ScriptedSftp, type SftpManners, startScriptedSftp } from '@lazada-sof/testkit';
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
function pinning(server: ScriptedSftp, ...fingerprints: readonly (string | undefined)[]): URL {
  const url = new URL(server.url);
  url.search = fingerprints.map((one) => `hostkey=${encodeURIComponent(one ?? '')}`).join('&');
  return url;
}
const adding = (url: URL, query: string): URL => new URL(`${url.href}&${query}`);

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

describe('a server that asks for the password by keyboard-interactive alone', () => {
  const prompts = (...asked: readonly { prompt: string; echo: boolean }[]): SftpManners => ({
    signIn(attempt, password) {
      if (attempt.method !== 'keyboard-interactive') return attempt.reject(['keyboard-interactive']);
      attempt.prompt([...asked], (answers) => (answers[0] === password ? attempt.accept() : attempt.reject()));
    },
  });

  test('lets in who has the right one', async () => {
    const server = await serve(prompts({ prompt: 'Password: ', echo: false }));
    await open(server.url).put('INV_1.pdf', PDF);
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': PDF.toString() });
  });

  test('is given a wrong one once, not again and again', async () => {
    const server = await serve(prompts({ prompt: 'Password: ', echo: false }));
    const url = new URL(server.url);
    url.password = 'not-the-password';
    const refused = await open(url)
      .put('INV_1.pdf', PDF)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'TargetLoginRefusedError', code: 'login_refused' });
    expect(server.attempts.filter((method) => method !== 'none')).toEqual(['keyboard-interactive']);
  });

  test('and for a code that only a person has is not given the password for it, and its question is told', async () => {
    const asked: string[][] = [];
    const server = await serve({
      signIn(attempt, password) {
        if (attempt.method !== 'keyboard-interactive') return attempt.reject(['keyboard-interactive']);
        attempt.prompt([{ prompt: 'Password: ', echo: false }], (first) => {
          asked.push([...first]);
          if (first[0] !== password) return attempt.reject();
          attempt.prompt([{ prompt: 'Verification code: ', echo: false }], (second) => {
            asked.push([...second]);
            attempt.reject();
          });
        });
      },
    });
    const refused = { name: 'TargetLoginRefusedError', message: expect.stringContaining('"Verification code:"') };
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(refused);
    expect(asked).toEqual([['hidden-in-every-message'], ['']]);
  });
});

test('a server that lets in by keys alone is told as that', async () => {
  const server = await serve({ signIn: (attempt) => attempt.reject(['publickey']) });
  const refused = { code: 'login_refused', message: expect.stringContaining('it lets in by publickey alone') };
  await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(refused);
});

test('a server that wants a new password is told as that, and not waited for', async () => {
  const server = await serve({
    signIn: (attempt) => {
      if (attempt.method === 'password') attempt.requestChange('Your password has expired.', () => undefined);
      else attempt.reject(['password']);
    },
  });
  const refused = { code: 'login_refused', message: expect.stringContaining('Your password has expired.') };
  await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(refused);
});

test('a wrong password is tried once where both ways to sign in are offered', async () => {
  const server = await serve({ signIn: (attempt) => attempt.reject(['password', 'keyboard-interactive']) });
  await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject({ code: 'login_refused' });
  expect(server.attempts.filter((method) => method !== 'none')).toEqual(['password']);
});

describe('a server with several host keys', () => {
  test.each(['rsa', 'ed25519', 'ecdsa'] as const)('is known by its %s key where that one is pinned', async (kind) => {
    const kinds = ['rsa', 'ed25519', 'ecdsa'] as const;
    const server = await serve({ hostKeys: kinds });
    const store = open(pinning(server, server.fingerprints[kinds.indexOf(kind)]));
    await store.put('INV_1.pdf', PDF);
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': PDF.toString() });
  });

  test('is looked for its pinned key once, not at every connection', async () => {
    const server = await serve({ hostKeys: ['rsa', 'ed25519'] });
    const store = open(adding(pinning(server, server.fingerprints[0]), 'connections=2'));
    await Promise.all([1, 2, 3, 4].map((n) => store.put(`INV_${n}.pdf`, PDF)));
    // One that showed the other key, and the two that were good.
    expect(server.counts.letIn).toBe(3);
  });

  test('may be pinned by several fingerprints, one of which is enough', async () => {
    const server = await serve({ hostKeys: ['rsa'] });
    const [right, other] = [server.fingerprints[0], makeHostKey().fingerprint];
    await open(pinning(server, other, right)).put('INV_1.pdf', PDF);
    await open(pinning(server, right, other)).put('INV_2.pdf', PDF);
    expect(Object.keys(server.files.tree())).toEqual(['INV_1.pdf', 'INV_2.pdf']);
  });

  test('none of which is pinned is told with each that it shows, as it would be pinned', async () => {
    const server = await serve({ hostKeys: ['rsa', 'ed25519'] });
    const pinned = makeHostKey().fingerprint;
    const changed = await open(pinning(server, pinned))
      .put('INV_1.pdf', PDF)
      .catch((error: unknown) => error);
    expect(changed).toMatchObject({ name: 'HostKeyChangedError', code: 'host_key_changed' });
    for (const seen of server.fingerprints) expect(String(changed)).toContain(`hostkey=${encodeURIComponent(seen)}`);
    expect(String(changed)).toContain(pinned);
    expect(server.attempts).toEqual([]);
  });
});

describe('a server that lets in only so many', () => {
  test.each([1, 2, 3])('%d gets all forty files', async (most) => {
    const server = await serve({ most });
    const store = open(server.url);
    await Promise.all(Array.from({ length: 40 }, (_, n) => store.put(`INV_${n}.pdf`, PDF)));
    expect(Object.keys(server.files.tree())).toHaveLength(40);
  });
});

test('a connection that was hung up while nobody used it is noticed before the next file', async () => {
  const server = await serve();
  const store = open(server.url);
  await store.put('INV_1.pdf', PDF);
  server.hangUp();
  await store.put('INV_2.pdf', PDF);
  expect(Object.keys(server.files.tree())).toEqual(['INV_1.pdf', 'INV_2.pdf']);
});

test.each([
  ['no space', STATUS.noSpace],
  ['a quota', STATUS.quota],
])('a disk that is full by %s is told as that, and what was left of the file goes', async (_, status) => {
  const server = await serve({ before: (request) => (request === 'WRITE' ? status : undefined) });
  const full = { name: 'DiskFullError', code: 'disk_full' };
  await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject(full);
  expect(server.files.tree()).toEqual({});
});

describe('a server that forbids names with a dot in front', () => {
  const forbidding: SftpManners = {
    before: (_, path) => (/\/\./.test(path) ? STATUS.permissionDenied : undefined),
  };

  test('takes files under partial=suffix', async () => {
    const server = await serve(forbidding);
    await open(adding(server.url, 'partial=suffix')).put('INV_1.pdf', PDF);
    expect(server.files.tree()).toEqual({ 'INV_1.pdf': PDF.toString() });
    expect(server.asked).toContain('OPEN /in/INV_1.pdf.part');
  });

  test('refuses them without', async () => {
    const server = await serve(forbidding);
    await expect(open(server.url).put('INV_1.pdf', PDF)).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
