import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What is not the open internet: this machine, this network, reserved, and IPv6 spellings of all these. */
const CLOSED: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // A cloud's own service, answered inside its network alone.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
/** Clouds hand out their machines' secrets here: not even a named host may lie there. */
const LINK_LOCAL: readonly (readonly [network: string, bits: number])[] = [
  ['169.254.0.0', 16],
  ['fe80::', 10],
];

const closed = blockList(CLOSED);
const linkLocal = blockList(LINK_LOCAL);
/** All of IPv6 that is given out to the public; whatever lies outside it is not. */
const publicIPv6 = blockList([['2000::', 3]]);

/** An address of the open internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed.check(address, 'ipv4');
  return isIPv6(address) && publicIPv6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

export function isLinkLocal(address: string): boolean {
  const mapped = /^::ffff:(?<ipv4>[\d.]+)$/i.exec(address)?.groups?.ipv4;
  if (mapped) return isLinkLocal(mapped);
  return linkLocal.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

function blockList(networks: readonly (readonly [network: string, bits: number])[]): BlockList {
  const list = new BlockList();
  for (const [network, bits] of networks) list.addSubnet(network, bits, isIPv4(network) ? 'ipv4' : 'ipv6');
  return list;
}
