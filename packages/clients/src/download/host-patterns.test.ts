import { describe, expect, test } from '@jest/globals';
import { allowedHost } from './host-patterns.ts';

const PATTERNS = ['*.lazada.*', '*.aliyuncs.com', 'files.example.com', '127.0.0.1:8090', 'simulator:8090'];
const OPEN = { trusted: false };
const TRUSTED = { trusted: true };

describe('a link', () => {
  test.each([
    ['may lead to a country of Lazada', 'https://www.lazada.sg/a.pdf', OPEN],
    ['may lead to a country with an ending of two parts', 'https://docs.lazada.co.th/a.pdf', OPEN],
    ['may lead to a host deep below', 'https://a.b-c.d.lazada.com.my/a.pdf', OPEN],
    ['may lead below an exact domain', 'https://invoices.oss-ap-southeast-1.aliyuncs.com/a.pdf', OPEN],
    ['may lead to a named host', 'https://files.example.com/a.pdf', OPEN],
    ['may lead to a host named with its port, also without TLS', 'http://127.0.0.1:8090/a.pdf', TRUSTED],
    ['may lead to a host named with its port by its name', 'http://simulator:8090/a.pdf', TRUSTED],
    ['may not lead to the domain itself where only hosts below it are allowed', 'https://aliyuncs.com/a.pdf', null],
    ['may not lead to a domain of somebody else that begins the same', 'https://x.lazada.evil.com/a.pdf', null],
    [
      'may not lead to a domain of somebody else that begins as a country',
      'https://x.lazada.co.th.evil.com/a.pdf',
      null,
    ],
    ['may not lead to a domain that ends the same', 'https://evilaliyuncs.com/a.pdf', null],
    ['may not lead to an allowed host on another port', 'https://www.lazada.sg:8443/a.pdf', null],
    ['may not lead to an allowed host without TLS', 'http://www.lazada.sg/a.pdf', null],
    ['may not lead to a named host on another port', 'http://127.0.0.1:5432/', null],
    ['may not lead to an address in another spelling', 'https://0x7f.1/a.pdf', null],
    ['may not lead to the files of this machine', 'file:///etc/passwd', null],
    ['may not lead to a host whose name only looks alike', 'https://www.lаzada.sg/a.pdf', null],
  ])('%s', (_, url, allowed) => {
    expect(allowedHost(new URL(url), PATTERNS)).toEqual(allowed);
  });
});
