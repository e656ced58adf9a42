/** From where a request comes: who connects, or, where that is one of our proxies, the client that it names. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

export type Client = {
  readonly address: string;
  /** By which its requests are counted: an IPv4 address, of IPv6 the /64 that one line is given whole. */
  readonly network: string;
  /** The name under which it knows this server. */
  readonly host: string;
  /** True: it came by TLS, to us or to our proxy. False: it did not, or the proxy does not say. */
  readonly isSecure: boolean;
};

export type IsProxy = (address: string) => boolean;

type Asked = Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } };

/** What a proxy says is believed; what anybody else says of himself is not. */
export function clientOf({ headers, socket }: Asked, isProxy: IsProxy): Client {
  const peer = plain(socket.remoteAddress ?? '');
  const told = isProxy(peer) ? headers : {};
  const address = clientAddress(peer, text(told['x-forwarded-for']), isProxy);
  const host = last(text(told['x-forwarded-host'])) || headers.host || '';
  const isSecure = last(text(told['x-forwarded-proto'])).toLowerCase() === 'https';
  return { address, network: networkOf(address), host, isSecure };
}

/**
 * The last that is no proxy of ours: each proxy writes down, behind what came, from whom it came; what stands before that is
 * the client's own word. What is no address names nobody, and the proxy that wrote it is the last that is known.
 */
function clientAddress(peer: string, forwardedFor: string, isProxy: IsProxy): string {
  const hops = forwardedFor === '' ? [] : forwardedFor.split(',');
  for (const hop of hops.reverse()) {
    const address = plain(withoutPort(hop.trim()));
    if (isIP(address) === 0) return peer;
    if (!isProxy(address)) return address;
  }
  return peer;
}

/** @param networks as `TRUST_PROXY` has them. */
export function openProxies(networks: readonly string[]): IsProxy {
  const list = new BlockList();
  for (const network of networks) add(list, network);
  return (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

function add(list: BlockList, network: string): void {
  const [written = '', length] = network.split('/');
  const address = plain(written);
  const isMapped = address !== written;
  const bits = isIPv4(address) ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length) - (isMapped ? 96 : 0);
  list.addSubnet(address, Math.max(prefix, 0), isIPv4(address) ? 'ipv4' : 'ipv6');
}

const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** An address as it is compared: IPv4 as such also where it came by an IPv6 socket, and without the name of our interface. */
export const plain = (address: string): string => MAPPED.exec(address)?.[1] ?? address.replace(/%.*$/, '');

/** Some proxies write the port along, a new one each time. */
function withoutPort(hop: string): string {
  const [, inBrackets] = /^\[([\da-f:.]+)\](?::\d{1,5})?$/i.exec(hop) ?? [];
  return inBrackets ?? /^([\d.]+):\d{1,5}$/.exec(hop)?.[1] ?? hop;
}

/** Whoever has an IPv6 line has 2^64 addresses: they count as one. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean);
  // An IPv4 address at the end stands for two groups.
  const missing = 8 - groups.length - rest.length - (address.includes('.') ? 1 : 0);
  const all = [...groups, ...Array<string>(Math.max(missing, 0)).fill('0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** Several headers of one name arrive as one with commas. */
const last = (header: string): string => header.split(',').at(-1)?.trim() ?? '';
const text = (header: string | readonly string[] | undefined): string => [header ?? ''].flat().join(',');
