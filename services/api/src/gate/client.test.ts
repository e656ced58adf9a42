import { describe, expect, test } from '@jest/globals';
import { clientOf, openProxies } from './client.ts';

const PROXIES = openProxies(['10.0.0.0/8', '127.0.0.1', 'fd00::/8', '2001:db8::1']);
const from = (remoteAddress: string | undefined, headers: Record<string, string | string[]> = {}) =>
  clientOf({ headers, socket: { remoteAddress } }, PROXIES);

describe('the client', () => {
  test.each<[string, peer: string, forwardedFor: string | string[] | undefined, client: string]>([
    ['is who connects', '203.0.113.7', undefined, '203.0.113.7'],
    ['is who connects, whatever he says', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['is who connects, also as a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['is whom the proxy names', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['is whom the last proxy of several names', '127.0.0.1', '203.0.113.7, 10.1.2.3,10.0.0.9', '203.0.113.7'],
    ['is not whom it names itself', '10.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['is not whom it names itself behind two proxies', '10.0.0.1', '198.51.100.1,203.0.113.7,10.9.9.9', '203.0.113.7'],
    ['is found in several headers', '10.0.0.1', ['198.51.100.1', '203.0.113.7', '10.0.0.2'], '203.0.113.7'],
    ['is one, whatever port it came from', '10.0.0.1', '203.0.113.7:40001', '203.0.113.7'],
    ['is one by IPv6 too', '10.0.0.1', '[2001:db8::7]:40001', '2001:db8::7'],
    ['has an address of IPv4 also on a socket of IPv6', '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    ['is behind a proxy on a socket of IPv6', '::ffff:10.0.0.1', '::ffff:203.0.113.7', '203.0.113.7'],
    ['is one in hexadecimal too', '::ffff:0a00:0001', '::ffff:cb00:7107', '203.0.113.7'],
    ['is behind a proxy of IPv6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
    ['is who connects on our own line', 'fe80::1%eth0', undefined, 'fe80::1'],
    ['is unknown where the proxy names nobody', '10.0.0.1', '203.0.113.7, unknown', '10.0.0.1'],
    ['is unknown where the proxy names no address', '10.0.0.1', '203.0.113.7, a\u0000b', '10.0.0.1'],
    ['is unknown where the proxy names a part of one', '10.0.0.1', '203.0.113', '10.0.0.1'],
    ['is unknown where there are only proxies', '10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.1'],
    ['is unknown where the header is empty', '10.0.0.1', '', '10.0.0.1'],
    ['is unknown where the header is commas', '10.0.0.1', ',,,', '10.0.0.1'],
  ])('%s', (_, peer, forwardedFor, client) => {
    expect(from(peer, forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }).address).toBe(client);
  });

  test('is counted by its network, however the proxy writes its address', () => {
    const networkOf = (written: string) => from('10.0.0.1', { 'x-forwarded-for': written }).network;
    expect(['203.0.113.7', '::ffff:203.0.113.7', '::ffff:cb00:7107'].map(networkOf)).toEqual(
      Array(3).fill('203.0.113.7'),
    );
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  });

  test('of a connection that is gone is nobody', () => {
    expect(from(undefined)).toMatchObject({ address: '', network: '' });
  });

  test('nobody is a proxy where none is named', () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    expect(clientOf({ headers, socket: { remoteAddress: '127.0.0.1' } }, openProxies([])).address).toBe('127.0.0.1');
  });

  test('a proxy may be named by its address on a socket of IPv6', () => {
    const isProxy = openProxies(['::ffff:192.0.2.0/120', '::ffff:c633:6401']);
    expect(['192.0.2.77', '198.51.100.1', '192.0.3.1', '198.51.100.2'].map(isProxy)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the name of this server', () => {
  const headers = {
    host: 'inner:8080',
    'x-forwarded-host': 'forged.example, sof.example',
    'x-forwarded-proto': 'https',
  };
  test.each([
    ['is the one that a proxy hands on', '10.0.0.1', { host: 'sof.example', isSecure: true }],
    ['is not what anybody else says', '203.0.113.7', { host: 'inner:8080', isSecure: false }],
  ])('%s', (_, peer, expected) => {
    expect(from(peer, headers)).toMatchObject(expected);
  });
});
