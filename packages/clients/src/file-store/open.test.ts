import { describe, expect, test } from '@jest/globals';
import { BadTargetUrlError, openFileStore } from './index.ts';

const PIN = 'hostkey=SHA256:abcdefghijklmnopqrstuvwxyzabcdefghijklmnop%2B';
const SECRET = 's3cret';

describe('a target URL is refused', () => {
  test.each<[sentence: string, url: string, mistake: string]>([
    ['that is none', `not a url ${SECRET}`, 'it is no URL'],
    ['of an unknown protocol', `https://me:${SECRET}@host/in`, '"https:" is unknown, use ftp: ftps: sftp: file:'],
    ['without a user', 'ftp://host/in', 'the user is missing'],
    [
      'of SFTP without a pinned host key',
      `sftp://me:${SECRET}@host:2222/in`,
      'ssh-keyscan -p 2222 host | ssh-keygen -lf -',
    ],
    ['with a pin that is no fingerprint', `sftp://me:${SECRET}@host/in?hostkey=MD5:aa:bb`, 'not a SHA256 fingerprint'],
    [
      'with a parameter that means nothing there',
      `ftp://me:${SECRET}@host/in?ca=/ca.pem`,
      'parameter "ca" is unknown, known here: connections, partial',
    ],
    [
      'with a misspelt parameter',
      `sftp://me:${SECRET}@host/in?${PIN}&hostKey=1`,
      'parameter "hostKey" is unknown, known here: hostkey',
    ],
    [
      'with an authority that is not there',
      `ftps://me:${SECRET}@host/in?ca=/no/such.pem`,
      'ca: /no/such.pem cannot be read (ENOENT)',
    ],
    ['with no number of connections', `ftp://me:${SECRET}@host/in?connections=many`, 'connections is no whole number'],
    ['with no connection at all', `sftp://me:${SECRET}@host/in?${PIN}&connections=0`, 'from 1 to 64'],
    ['with two authorities', `ftps://me:${SECRET}@host/in?ca=/a&ca=/b`, 'parameter "ca" is given more than once'],
    ['with two numbers of them', `ftp://me:${SECRET}@host/in?connections=2&connections=3`, 'is given more than once'],
    ['with an unknown way to call parts', `ftp://me:${SECRET}@host/in?partial=prefix`, 'partial is not "suffix"'],
    [
      'with one pin of two that is no fingerprint',
      `sftp://me:${SECRET}@host/in?${PIN}&hostkey=MD5:aa`,
      'not a SHA256 fingerprint',
    ],
    ['that leads upwards', `ftp://me:${SECRET}@host/in/%2E%2E%2F..%2Fetc`, 'the path may not lead upwards'],
    ['with a command in it', `ftp://me:${SECRET}@host/in%0D%0ADELE%20x`, 'a line break or another control character'],
    ['with a command in the user', `ftp://me%0D%0ADELE:${SECRET}@host/in`, 'a line break or another control character'],
    ['that is badly encoded', `ftp://me%E0%A4%A:${SECRET}@host/in`, 'the user is not well percent-encoded'],
    ['of a folder on another machine', 'file://host/in', 'written file:///folder'],
  ])('%s, and tells nothing of its secrets', (_, url, mistake) => {
    expect(() => openFileStore(url)).toThrow(BadTargetUrlError);
    expect(() => openFileStore(url)).toThrow(mistake);
    expect(() => openFileStore(url)).not.toThrow(SECRET);
  });
});

test.each([
  ['ftp://me:secret@host/in', 'ftp://host:21'],
  ['ftps://me:secret@[::1]:2121/in', 'ftps://[::1]:2121'],
  [`sftp://me:secret@host/~/in?${PIN}`, 'sftp://host:22'],
  [`sftp://me:secret@host/in?${PIN}&${PIN}&connections=2&partial=suffix`, 'sftp://host:22'],
  ['file:///srv/invoices/', 'file:///srv/invoices'],
  ['file:///srv/invoices?partial=suffix', 'file:///srv/invoices'],
])('%s is called by its place alone, and not connected to before it is used', async (url, label) => {
  const store = openFileStore(url);
  expect(store.label).toBe(label);
  await store.close();
});
