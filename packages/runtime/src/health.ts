/** What a supervisor asks a process: does it live, may it get work, what does it count. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pTimeout from 'p-timeout';
import type { Registry } from 'prom-client';

export type Health = {
  /** False: the process should be started anew. */
  live(): boolean;
  /** Ready when none is false. */
  ready(): Promise<Readiness>;
};

/** What the service uses and whether it can be reached; in words what else is to be known, though it is no hindrance. */
export type Readiness = Readonly<Record<string, boolean | string>>;

export type HealthServer = { port: number; close(): Promise<void> };

type Page = { status: number; type: string; body: string };

/** Serves `/livez`, `/readyz` and `/metrics`. @throws the server's own error where the port cannot be had */
export async function serveHealth(
  { host, port }: { host: string; port: number },
  { health, metrics }: { health: Health; metrics: Registry },
): Promise<HealthServer> {
  const pages: Readonly<Record<string, () => Promise<Page>>> = {
    '/livez': async () => (health.live() ? json(200, { live: true }) : json(503, { live: false })),
    '/readyz': async () => {
      const checks = await readiness(health);
      return json(Object.values(checks).includes(false) ? 503 : 200, checks);
    },
    '/metrics': async () => ({ status: 200, type: metrics.contentType, body: await metrics.metrics() }),
  };
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const page = request.method === 'GET' || request.method === 'HEAD' ? pages[path] : undefined;
    const served = page?.() ?? Promise.resolve(json(404, { error: 'only GET /livez, /readyz and /metrics' }));
    served
      .catch(() => json(503, { error: 'not available' }))
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body));
  });
  await listen(server, host, port);
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

const READY_WITHIN_MS = 2_000;

/** A check that fails or hangs is an answer too: not ready. */
async function readiness(health: Health): Promise<Readiness> {
  try {
    return await pTimeout(health.ready(), { milliseconds: READY_WITHIN_MS, fallback: () => ({ inTime: false }) });
  } catch {
    return { answered: false };
  }
}

const json = (status: number, body: object): Page => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}

/** Open connections of a scraper must not keep the process. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
