/**
 * How many connections there are at once, and how many of one address. Where they become few, an idle one is closed for each
 * that comes: of the line that holds the most, never a proxy's. So whoever only holds them, on a few lines, shuts nobody out.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { siteBlock } from '@lazada-sof/db';
import type { IsProxy } from './client.ts';
import { bareAddress, networkOf } from './network.ts';

export type MostConnections = { readonly together: number; readonly ofOneAddress: number };

/** Each takes some 10 KB. A proxy of ours has those of all its clients. */
export const MOST_CONNECTIONS: MostConnections = { together: 10_000, ofOneAddress: 1_000 };

/** The rest are for the proxies, and for those that come while all are busy. */
const NEARLY_FULL = 0.9;

/** Of one line, which may have 65,536 networks of IPv6. */
type Held = {
  count: number;
  /** Without a request, the oldest first. */
  readonly idle: Set<Socket>;
};

export function limitConnections(
  server: Server,
  { isProxy, together, ofOneAddress }: MostConnections & { readonly isProxy: IsProxy },
): void {
  server.maxConnections = together;
  const most = Math.floor(together * NEARLY_FULL);
  const ofNetwork = new Map<string, number>();
  const lines = new Map<string, Held>();
  /** Requests under way, of those that are no proxy's. */
  const busy = new WeakMap<Socket, { readonly held: Held; requests: number }>();
  let open = 0;

  server.on('connection', (socket: Socket) => {
    const address = bareAddress(socket.remoteAddress ?? '');
    if (isProxy(address)) {
      open += 1;
      socket.once('close', () => {
        open -= 1;
      });
      return;
    }
    const network = networkOf(address);
    if ((ofNetwork.get(network) ?? 0) >= ofOneAddress || (open >= most && !closeIdle(lines))) {
      socket.destroy();
      return;
    }
    const line = siteBlock(network) ?? network;
    const held = lines.get(line) ?? { count: 0, idle: new Set() };
    lines.set(line, held);
    held.idle.add(socket);
    busy.set(socket, { held, requests: 0 });
    held.count += 1;
    open += 1;
    add(ofNetwork, network, 1);
    socket.once('close', () => {
      open -= 1;
      add(ofNetwork, network, -1);
      busy.delete(socket);
      held.idle.delete(socket);
      held.count -= 1;
      if (held.count === 0) lines.delete(line);
    });
  });

  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const use = busy.get(socket);
    if (!use) return;
    use.requests += 1;
    use.held.idle.delete(socket);
    response.once('close', () => {
      use.requests -= 1;
      if (use.requests === 0 && busy.has(socket)) use.held.idle.add(socket);
    });
  });
}

/** The one that was idle longest of the line that holds the most. False: none is idle. */
function closeIdle(lines: ReadonlyMap<string, Held>): boolean {
  let largest: Held | undefined;
  for (const held of lines.values()) if (held.idle.size > 0 && held.count > (largest?.count ?? 0)) largest = held;
  const [oldest] = largest?.idle ?? [];
  if (!largest || !oldest) return false;
  // At once: it is closed a moment later, and many may come meanwhile.
  largest.idle.delete(oldest);
  oldest.destroy();
  return true;
}

function add(counts: Map<string, number>, name: string, by: 1 | -1): void {
  const count = (counts.get(name) ?? 0) + by;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
