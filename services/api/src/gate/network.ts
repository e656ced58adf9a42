/** How an address is compared, and by which one its requests are counted. */
import { isIPv6 } from 'node:net';

/** IPv4 as such also where it came by a socket for both kinds, however that is written; and without the name of our interface. */
export function bareAddress(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return bare;
  const groups = groupsOf(bare);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff;
  return isMapped ? asIpv4(groups.slice(6)) : bare;
}

/** Whose it is. Whoever has an IPv6 line has its whole /64, 2^64 addresses: they count as one. */
export function networkOf(address: string): string {
  const bare = bareAddress(address);
  if (!isIPv6(bare)) return bare;
  const network = groupsOf(bare).slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

/** Eight numbers, however it is written. */
function groupsOf(address: string): number[] {
  // The parser of addresses writes a dotted end as two groups, and the longest row of zeros as "::".
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16));
}

const asIpv4 = (groups: readonly number[]): string => groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
