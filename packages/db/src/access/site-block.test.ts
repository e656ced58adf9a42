import { expect, test } from '@jest/globals';
import { siteBlock } from './site-block.ts';

test.each([
  ['IPv6: what one customer is given at most', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['zeros are written', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['an IPv4 address has none', '203.0.113.7', null],
  ['what is no address has none', 'unknown', null],
  ['nothing has none', '', null],
])('%s', (_, block, site) => {
  expect(siteBlock(block)).toBe(site);
});
