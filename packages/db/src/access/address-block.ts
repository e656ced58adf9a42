/** Whose an address is: of IPv6 its /64, since within that one machine takes whichever address it likes. */
import { isIPv4, isIPv6 } from 'node:net';

export function addressBlock(address: string): string {
  const groups = groupsOf(address);
  return typeof groups === 'string' ? groups : block(groups, 4);
}

/** What one line or one house may have: of IPv6 a /48, of IPv4 a /24. */
export function widerBlock(address: string): string {
  const groups = groupsOf(address);
  if (typeof groups !== 'string') return block(groups, 3);
  return isIPv4(groups) ? groups.replace(/\d+$/, '0/24') : groups;
}

const block = (groups: readonly number[], count: number): string =>
  `${groups
    .slice(0, count)
    .map((group) => group.toString(16))
    .join(':')}::/${16 * count}`;

/** Eight numbers, however it is written; text: it is no IPv6. */
function groupsOf(address: string): number[] | string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return bare;
  const groups = parse(bare);
  // An IPv4 address as a socket for both kinds shows it.
  const isIpv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff;
  return isIpv4 ? asIpv4(groups.slice(6)) : groups;
}

function parse(address: string): number[] {
  // The parser of addresses writes a dotted end as two groups, and the longest row of zeros as "::".
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16));
}

const asIpv4 = (groups: readonly number[]): string => groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
