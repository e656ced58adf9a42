/** A server that answers what a test says and keeps what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body's fields, where it is a form. */
  readonly form: Readonly<Record<string, string>>;
};

/** `reset`: the connection breaks before the answer; `half`: within it. A body that is no text is sent as JSON. */
export type Answer =
  | 'reset'
  | 'half'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    };
export type Script = Answer | ((asked: Asked) => Answer | Promise<Answer>);

export type ScriptedServer = {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** The next requests of a path get these answers in turn, and the last one from then on. */
  on(path: string, ...scripts: readonly [Script, ...Script[]]): void;
  close(): Promise<void>;
};

export async function openScriptedServer(): Promise<ScriptedServer> {
  const scripts = new Map<string, Script[]>();
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const received = await readRequest(request);
    asked.push(received);
    const queue = scripts.get(received.path) ?? [notScripted(received)];
    const script = queue.length > 1 ? queue.shift() : queue[0];
    await sendAnswer(typeof script === 'function' ? await script(received) : (script as Answer), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    on: (path, ...answers) => scripts.set(path, [...answers]),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const notScripted = ({ path }: Asked): Answer => ({ status: 418, body: `nothing is scripted for ${path}` });

async function readRequest(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '', 'http://test');
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body,
    form: isForm ? Object.fromEntries(new URLSearchParams(body)) : {},
  };
}

async function sendAnswer(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (answer === 'reset') {
    request.socket.resetAndDestroy();
  } else if (answer === 'half') {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"code":"0",', () => request.socket.destroy());
  } else {
    const { status = 200, headers = {}, body = '' } = answer;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}
