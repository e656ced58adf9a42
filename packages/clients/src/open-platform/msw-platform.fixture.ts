/** A shop at a made-up host, and what it was asked; answers are set per test. */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { ClientError } from '../http/errors.ts';
import { connectOpenPlatform } from './request.ts';

export const SHOP = {
  restUrl: 'https://api.lazada.test/rest',
  appKey: '123456',
  appSecret: 'hush-app',
  accessToken: 'hush-token',
};
export const NOW = 1_517_820_392_000;

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
  readonly contentType: string | null;
};

type AnswerInit = { status?: number; headers?: Record<string, string> };

export function mswPlatform() {
  const network = setupServer();
  const platform = connectOpenPlatform(() => NOW);
  const asked: Asked[] = [];
  beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
  afterEach(() => {
    network.resetHandlers();
    asked.length = 0;
  });
  afterAll(() => {
    network.close();
    platform.close();
  });
  return {
    platform,
    asked,
    /** Whatever is asked next gets this: text as it is, anything else as JSON. */
    answer(body: unknown, init: AnswerInit = {}) {
      network.use(
        http.all('https://:host/rest/*', async ({ request }) => {
          asked.push(await readRequest(request));
          return new HttpResponse(typeof body === 'string' ? body : JSON.stringify(body), init);
        }),
      );
    },
  };
}

async function readRequest(request: Request): Promise<Asked> {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: `${url.origin}${url.pathname}`,
    query: Object.fromEntries(url.searchParams),
    form: Object.fromEntries(new URLSearchParams(await request.text())),
    contentType: request.headers.get('content-type'),
  };
}

export async function failing(call: Promise<unknown>): Promise<ClientError> {
  const error = await call.catch((thrown: unknown) => thrown);
  if (error instanceof ClientError) return error;
  throw new Error(`expected a ClientError, got ${error}`);
}
