import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client as FtpClient } from 'basic-ftp';
import ssh2 from 'ssh2';
import { selfSignedCertificate } from './certificate.ts';
import type { FileTarget } from './file-target.ts';
import { startFtpTarget } from './ftp.ts';
import { type SftpTarget, startSftpTarget } from './sftp.ts';

const LOGIN = { user: 'demo', password: 'not a secret' };
const BYTES = Buffer.alloc(20_000, 'x');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sof-target-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('FTP', () => {
  const certificate = selfSignedCertificate();
  let target: FileTarget;
  let client: FtpClient;
  beforeEach(async () => {
    target = await startFtpTarget({ root, ...LOGIN, certificate });
    client = new FtpClient(3_000);
  });
  afterEach(async () => {
    client.close();
    await target.close();
  });

  const login = (given: object = {}) => client.access({ host: '127.0.0.1', port: target.port, ...LOGIN, ...given });
  const upload = (name: string) => client.uploadFrom(Readable.from([BYTES]), name);

  test('a file is uploaded, renamed, listed and read back', async () => {
    await login();
    await client.ensureDir('/SG/2026');
    await upload('.a.part');
    await client.rename('.a.part', 'a.pdf');
    expect((await client.list()).map(({ name, size }) => ({ name, size }))).toEqual([{ name: 'a.pdf', size: 20_000 }]);
    expect(readFileSync(join(root, 'SG/2026/a.pdf'))).toEqual(BYTES);
  });

  test('over TLS, the certificate is verified by the client', async () => {
    const secureOptions = { ca: certificate.cert, servername: 'localhost' };
    await login({ secure: true, secureOptions });
    await upload('b.pdf');
    expect(statSync(join(root, 'b.pdf')).size).toBe(20_000);
  });

  test('a client that does not know the certificate turns away', async () => {
    await expect(login({ secure: true })).rejects.toThrow(/self.signed/);
  });

  test('a wrong password is refused', async () => {
    await expect(login({ password: 'other' })).rejects.toMatchObject({ code: 530 });
  });

  test('a refused login is a fault that passes', async () => {
    target.faults.set('refuse-login', 1);
    await expect(login()).rejects.toMatchObject({ code: 530 });
    await login();
    expect(target.faults.list()).toEqual([]);
  });

  test('a connection that drops in an upload leaves a part of the file', async () => {
    await login();
    target.faults.set('drop-upload', 1);
    await expect(upload('c.pdf')).rejects.toThrow(/clos|reset|EPIPE/i);
    expect(statSync(join(root, 'c.pdf')).size).toBeLessThan(20_000);
  });

  test('a full disk is told by 452', async () => {
    await login();
    target.faults.set('disk-full', 1);
    await expect(upload('d.pdf')).rejects.toMatchObject({ code: 452 });
  });

  test('a folder that nobody may write to is told by 550', async () => {
    await login();
    target.faults.set('deny-write');
    await expect(upload('e.pdf')).rejects.toMatchObject({ code: 550 });
    expect(existsSync(join(root, 'e.pdf'))).toBe(false);
  });

  test('a connection that drops at the rename has renamed', async () => {
    await login();
    await upload('.f.part');
    target.faults.set('drop-rename', 1);
    await expect(client.rename('.f.part', 'f.pdf')).rejects.toThrow();
    expect(existsSync(join(root, 'f.pdf'))).toBe(true);
  });

  test('no path leads out of the folder', async () => {
    await login();
    await upload('../../../outside.pdf');
    expect(existsSync(join(root, 'outside.pdf'))).toBe(true);
  });

  test('a server leaves the handling of signals to the process', () => {
    expect(process.listenerCount('SIGQUIT')).toBe(0);
  });
});

describe('SFTP', () => {
  let target: SftpTarget;
  let client: ssh2.Client;
  beforeEach(async () => {
    target = await startSftpTarget({ root, ...LOGIN });
    client = new ssh2.Client();
  });
  afterEach(async () => {
    client.end();
    await target.close();
  });

  const login = (password = LOGIN.password) =>
    new Promise<Promised>((resolve, reject) => {
      client.on('ready', () => client.sftp((error, sftp) => (error ? reject(error) : resolve(promised(sftp)))));
      client.on('error', reject);
      client.on('connect', () => client.setNoDelay(true));
      client.connect({ host: '127.0.0.1', port: target.port, username: LOGIN.user, password });
    });

  test('a file is uploaded, renamed, listed and read back', async () => {
    const sftp = await login();
    await sftp.mkdir('/SG');
    await sftp.writeFile('/SG/.a.part', BYTES);
    await sftp.rename('/SG/.a.part', '/SG/a.pdf');
    expect(await sftp.names('/SG')).toEqual(['a.pdf']);
    expect(await sftp.readFile('/SG/a.pdf')).toEqual(BYTES);
  });

  test('a rename onto a file that is there is refused', async () => {
    const sftp = await login();
    await sftp.writeFile('/a', BYTES);
    await sftp.writeFile('/b', BYTES);
    await expect(sftp.rename('/a', '/b')).rejects.toMatchObject({ code: 4 });
  });

  test('what is not there is told as that', async () => {
    await expect((await login()).readFile('/nothing')).rejects.toMatchObject({ code: 2 });
  });

  test('the host key is the one in the address', () => {
    expect(new URL(target.url).searchParams.get('hostkey')).toBe(target.hostKey);
    expect(target.hostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  test('a wrong password is refused', async () => {
    await expect(login('other')).rejects.toMatchObject({ level: 'client-authentication' });
  });

  test('a refused login is a fault', async () => {
    target.faults.set('refuse-login', 1);
    await expect(login()).rejects.toMatchObject({ level: 'client-authentication' });
  });

  test('a connection that drops in an upload leaves a part of the file', async () => {
    const sftp = await login();
    target.faults.set('drop-upload', 1);
    await expect(Promise.race([sftp.writeFile('/c.pdf', BYTES), broken(client)])).rejects.toThrow();
    expect(statSync(join(root, 'c.pdf')).size).toBeLessThan(20_000);
  });

  test('a full disk fails the upload', async () => {
    const sftp = await login();
    target.faults.set('disk-full', 1);
    await expect(sftp.writeFile('/d.pdf', BYTES)).rejects.toThrow('No space left on device');
  });

  test('a folder that nobody may write to is told as that', async () => {
    const sftp = await login();
    target.faults.set('deny-write', 1);
    await expect(sftp.writeFile('/e.pdf', BYTES)).rejects.toMatchObject({ code: 3 });
  });

  test('a connection that drops at the rename has renamed', async () => {
    const sftp = await login();
    await sftp.writeFile('/.f.part', BYTES);
    target.faults.set('drop-rename', 1);
    await expect(Promise.race([sftp.rename('/.f.part', '/f.pdf'), broken(client)])).rejects.toThrow();
    expect(existsSync(join(root, 'f.pdf'))).toBe(true);
  });

  test('no path leads out of the folder', async () => {
    await (await login()).writeFile('/../../outside.pdf', BYTES);
    expect(existsSync(join(root, 'outside.pdf'))).toBe(true);
  });
});

type Promised = ReturnType<typeof promised>;

function promised(sftp: ssh2.SFTPWrapper) {
  const done = (act: (callback: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => act((error) => (error ? reject(error) : resolve())));
  return {
    mkdir: (name: string) => done((callback) => sftp.mkdir(name, callback)),
    rename: (from: string, to: string) => done((callback) => sftp.rename(from, to, callback)),
    writeFile: (name: string, bytes: Buffer) => done((callback) => sftp.writeFile(name, bytes, callback)),
    readFile: (name: string) =>
      new Promise<Buffer>((resolve, reject) =>
        sftp.readFile(name, (error, bytes) => (error ? reject(error) : resolve(bytes))),
      ),
    names: (name: string) =>
      new Promise<string[]>((resolve, reject) =>
        sftp.readdir(name, (error, list) => (error ? reject(error) : resolve(list.map(({ filename }) => filename)))),
      ),
  };
}

/** ssh2 leaves a call without an answer where the connection ends under it. */
function broken(client: ssh2.Client): Promise<never> {
  return new Promise((_resolve, reject) => client.once('close', () => reject(new Error('connection closed'))));
}
