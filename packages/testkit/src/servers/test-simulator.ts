import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '@lazada-sof/local';

export type TestSimulator = {
  readonly url: string;
  /** One call of its control API. @throws Error with the answer, where it is not a yes */
  control<Answer>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Answer>;
  /** Something that goes wrong, as its switchboard takes it. */
  fault(body: object): Promise<void>;
  close(): Promise<void>;
};

/** The simulator as a process of its own, with an empty world. */
export async function startTestSimulator(): Promise<TestSimulator> {
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-simulator-'));
  const { url, stop } = await startSimulator({ dir });
  return {
    url,
    control: (method, path, body) => call(url, { method, path: `/control${path}`, body }),
    fault: async (body) => void (await call(url, { method: 'POST', path: '/faults', body })),
    async close() {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function call<Answer>(
  url: string,
  { method, path, body }: { method: string; path: string; body: unknown },
): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const sent = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, sent);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Answer;
}
