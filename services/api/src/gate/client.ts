/** From where a request comes: who connects, or, where that is one of our proxies, the client that it names. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { bareAddress, networkOf } from './network.ts';

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
  const peer = bareAddress(socket.remoteAddress ?? '');
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
    const address = bareAddress(withoutPort(hop.trim()));
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
  const address = bareAddress(written);
  const isMapped = isIPv4(address) && !isIPv4(written);
  const bits = isIPv4(address) ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length) - (isMapped ? 96 : 0);
  list.addSubnet(address, Math.max(prefix, 0), isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** Some proxies write the port along, a new one each time. */
function withoutPort(hop: string): string {
  const [, inBrackets] = /^\[([\da-f:.]+)\](?::\d{1,5})?$/i.exec(hop) ?? [];
  return inBrackets ?? /^([\d.]+):\d{1,5}$/.exec(hop)?.[1] ?? hop;
}

/** Several headers of one name arrive as one with commas. */
const last = (header: string): string => header.split(',').at(-1)?.trim() ?? '';
const text = (header: string | readonly string[] | undefined): string => [header ?? ''].flat().join(',');
