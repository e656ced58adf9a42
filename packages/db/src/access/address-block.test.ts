import { expect, test } from '@jest/globals';
import { addressBlock, widerBlock } from './address-block.ts';

test.each([
  ['an IPv4 address is itself', '203.0.113.7', '203.0.113.7'],
  ['one that a socket for both kinds shows', '::ffff:203.0.113.7', '203.0.113.7'],
  ['the same in hexadecimal', '::ffff:cb00:7107', '203.0.113.7'],
  ['IPv6: its first half', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['another machine’s letters in the second half', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['capital letters and leading zeros', '2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['zeros left out in the first half', '2001:db8::1', '2001:db8:0:0::/64'],
  ['zeros left out at the beginning', '::1', '0:0:0:0::/64'],
  ['all zeros', '::', '0:0:0:0::/64'],
  ['no row of zeros to leave out', '1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
  ['its interface', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['an IPv4 address in another place than that', '64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ['what is no address', 'unknown', 'unknown'],
])('%s', (_, address, block) => {
  expect(addressBlock(address)).toBe(block);
});

test.each([
  ['IPv4: its /24', '203.0.113.7', '203.0.113.0/24'],
  ['one that a socket for both kinds shows', '::ffff:203.0.113.7', '203.0.113.0/24'],
  ['IPv6: its /48', '2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['another network of that line', '2001:db8:1:ffff::1', '2001:db8:1::/48'],
  ['zeros left out', '2001:db8::1', '2001:db8:0::/48'],
  ['what is no address', 'unknown', 'unknown'],
])('and around it %s', (_, address, block) => {
  expect(widerBlock(address)).toBe(block);
});
