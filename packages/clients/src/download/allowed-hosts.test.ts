import { describe, expect, test } from '@jest/globals';
import { allowedUrl } from './allowed-hosts.ts';

const PATTERNS = [
  '*.lazada.*',
  '*.aliyuncs.com',
  'files.example.com',
  '127.0.0.1:8090',
  'simulator:8090',
  '*.x.com:8443',
  '*lazada*.*.aliyun.example',
];

describe('a link may lead', () => {
  test.each([
    ['to a country of Lazada', 'https://www.lazada.sg/a.pdf', false],
    ['to a country with an ending of two parts', 'https://docs.lazada.co.th/a.pdf', false],
    ['to a host deep below', 'https://a.b-c.d.lazada.com.my/a.pdf', false],
    ['below an exact domain', 'https://invoices.oss-ap-southeast-1.aliyuncs.com/a.pdf?Signature=x', false],
    ['to a bucket with a part of its name', 'https://sg-lazada-docs.oss-1.aliyun.example/a.pdf', false],
    ['to a bucket of that name alone', 'https://lazada.oss-1.aliyun.example/a.pdf', false],
    ['to a host in capitals', 'https://WWW.LAZADA.SG/a.pdf', false],
    ['to where a page served by https says it does, without a scheme', '//www.lazada.sg/a.pdf', false],
    ['to a host named without its port', 'https://files.example.com/a.pdf', false],
    ['to such a host also without encryption', 'http://files.example.com/a.pdf', false],
    ['below a domain on the port named', 'https://a.x.com:8443/a.pdf', false],
    ['to a host named with its port, also in our own network', 'http://127.0.0.1:8090/a.pdf', true],
    ['to a name with its port, also in our own network', 'http://simulator:8090/a.pdf', true],
  ])('%s', (_, link, privately) => {
    expect(allowedUrl(link, PATTERNS)).toMatchObject({ ok: true, privately });
  });
});

describe('a link may not lead', () => {
  test.each([
    ['to the domain itself where only hosts below it are allowed', 'https://aliyuncs.com/a.pdf', /not among/],
    ["to somebody else's domain that begins the same", 'https://x.lazada.evil.com/a.pdf', /not among/],
    ["to somebody else's domain that begins as a country", 'https://x.lazada.co.th.evil.com/a.pdf', /not among/],
    ["to somebody else's domain that ends the same", 'https://evilaliyuncs.com/a.pdf', /not among/],
    ['to a host whose name only looks alike', 'https://www.lаzada.sg/a.pdf', /not among/],
    ["to somebody else's bucket", 'https://invoices.oss-1.aliyun.example/a.pdf', /not among/],
    ["to somebody else's bucket below one's name", 'https://lazada.evil.oss-1.aliyun.example/a.pdf', /not among/],
    ['to a bucket without its region', 'https://lazada.aliyun.example/a.pdf', /not among/],
    ['to an allowed host on another port', 'https://www.lazada.sg:8443/a.pdf', /not among/],
    ['to a host named with its port on another port', 'http://127.0.0.1:5432/', /not among/],
    ['to an allowed host without encryption', 'http://www.lazada.sg/a.pdf', /without encryption/],
    ['to this machine by IPv6', 'http://[::1]:8090/a.pdf', /not among/],
    ['to this machine in hexadecimal', 'http://0x7f.1:8090/a.pdf', /disguised/],
    ['to this machine in decimal', 'http://2130706433:8090/a.pdf', /disguised/],
    ['to this machine in octal', 'http://0177.0.0.1:8090/a.pdf', /disguised/],
    ['with a user in it', 'https://www.lazada.sg@evil.com/a.pdf', /user/],
    ['with an allowed host behind a user', 'https://me:pw@www.lazada.sg/a.pdf', /user/],
    ['to the files of this machine', 'file:///etc/passwd', /scheme file:/],
    ['to a document within itself', 'data:application/pdf;base64,JVBERi0=', /scheme data:/],
    ['to a script', 'javascript:alert(1)', /scheme javascript:/],
    ['to another kind of server', 'ftp://www.lazada.sg/a.pdf', /scheme ftp:/],
    ['to a path without a host', '/invoices/1.pdf', /without a host/],
    ['nowhere', '', /without a host/],
  ])('%s', (_, link, reason) => {
    expect(allowedUrl(link, PATTERNS)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});
