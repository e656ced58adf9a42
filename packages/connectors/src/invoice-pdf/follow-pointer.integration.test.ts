import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Downloads, openDownloads } from '@lazada-sof/clients';
import { type Answer, openScriptedServer, type ScriptedServer } from '@lazada-sof/testkit';
import { followPointer } from './follow-pointer.ts';

let host: ScriptedServer;
let downloads: Downloads;

beforeAll(async () => {
  host = await openScriptedServer();
  downloads = openDownloads({ hosts: ['*.lazada.*', new URL(host.url).host], largest: 1_000 });
});
afterAll(async () => {
  downloads.close();
  await host.close();
});

const follow = (answer: Answer) => {
  host.on('/1.pdf', answer);
  return followPointer(downloads, `${host.url}/1.pdf?token=SECRET`);
};

test('a PDF is taken as it comes', async () => {
  expect((await follow({ body: '%PDF-1.7 …' })).toString()).toBe('%PDF-1.7 …');
});

describe('what a pointer leads to is refused, without a word of it, where it', () => {
  test.each<[string, Answer, RegExp]>([
    ['is a web page', { body: '<p>Log in as Jane</p>' }, /no PDF/],
    ['is an answer in JSON', { body: { error: 'Jane' } }, /no PDF/],
    ['is nothing', { body: '' }, /no PDF/],
    ['is too large', { body: `%PDF-${'1'.repeat(1_000)}` }, /too large/],
    ['leads on', { status: 302, headers: { location: '/2.pdf' } }, /redirect/],
    ['is gone', { status: 410, body: 'Jane' }, /410/],
    ['is forbidden', { status: 403, body: 'Jane' }, /403/],
  ])('%s', async (_, answer, message) => {
    const refused = follow(answer);
    const expected = { kind: 'rejected', code: 'unsupported', message: expect.stringMatching(message) };
    await expect(refused).rejects.toMatchObject(expected);
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringMatching(/Jane|SECRET/) });
  });
});

describe('what may pass is asked for again, where the host', () => {
  test.each<[string, Answer, string]>([
    ['is out of order', { status: 503 }, 'http_503'],
    ['has too much to do', { status: 429 }, 'http_429'],
    ['breaks off', 'reset', 'reset'],
    ['breaks off within the document', 'half', 'reset'],
  ])('%s', async (_, answer, code) => {
    const failed = follow(answer);
    await expect(failed).rejects.toMatchObject({ kind: 'transient', code });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('SECRET') });
  });
});

describe('a pointer is refused, and nobody asked, where it leads', () => {
  test.each([
    ['to a host that is not allowed', 'https://evil.example/1.pdf', /host evil.example.*INVOICE_LINK_HOSTS/],
    ['to our own network', 'http://10.0.0.1/1.pdf', /host 10.0.0.1/],
    ["to a machine's secrets", 'http://169.254.169.254/latest/meta-data', /host 169.254.169.254/],
    ['to a file of this machine', 'file:///etc/passwd', /scheme file:/],
    ['to a document within itself', 'data:application/pdf;base64,JVBERi0=', /scheme data:/],
    ['to a place beside it', 'invoices/1.pdf', /without a host/],
  ])('%s', async (_, to, message) => {
    const before = host.asked.length;
    await expect(followPointer(downloads, to)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'unsupported',
      message: expect.stringMatching(message),
    });
    expect(host.asked.length).toBe(before);
  });
});

test('a pointer that is given up while it is followed ends at once', async () => {
  const giveUp = new AbortController();
  host.on('/1.pdf', () => {
    giveUp.abort();
    return new Promise<never>(() => undefined);
  });
  const given = followPointer(downloads, `${host.url}/1.pdf`, giveUp.signal);
  await expect(given).rejects.toMatchObject({ kind: 'transient', code: 'aborted' });
});
