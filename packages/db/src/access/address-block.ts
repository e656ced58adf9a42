/** Whose an address is: of IPv6 its /64, since within that one machine takes whichever address it likes. */
import { isIPv6 } from 'node:net';

export function addressBlock(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return bare;
  const groups = groupsOf(bare);
  // An IPv4 address as a socket for both kinds shows it.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff) return asIpv4(groups.slice(6));
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
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
