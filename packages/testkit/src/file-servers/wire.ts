/** A wire in front of a server that can be cut, or fall silent. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { until } from '@lazada-sof/local';

export type Wire = {
  /** The server's URL through the wire. */
  readonly url: URL;
  /** How many connections were made. */
  connections(): number;
  /** Resolves when nobody is connected any more. */
  allEnded(): Promise<void>;
  /** Cuts whatever is connected; who comes next gets through. */
  cut(): void;
  /** Nothing comes back any more on what is connected now. */
  silenceCurrent(): void;
  /** Nothing comes back any more, for nobody. */
  silence(): void;
  close(): Promise<void>;
};

type Line = { readonly client: Socket; readonly far: Socket; answers: 'pass' | 'vanish' };

export async function startWire(url: URL, port = 0): Promise<Wire> {
  const lines = new Set<Line>();
  let made = 0;
  let silent = false;

  const server = createServer((client) => {
    const line: Line = { client, far: connect(Number(url.port), '127.0.0.1'), answers: silent ? 'vanish' : 'pass' };
    made += 1;
    lines.add(line);
    client.on('data', (bytes) => line.far.write(bytes));
    line.far.on('data', (bytes) => line.answers === 'pass' && client.write(bytes));
    for (const socket of [client, line.far]) socket.on('error', () => end(line)).on('close', () => end(line));
  });

  function end(line: Line): void {
    lines.delete(line);
    line.client.destroy();
    line.far.destroy();
  }
  const cut = () => [...lines].forEach(end);
  const silenceCurrent = () => {
    for (const line of lines) line.answers = 'vanish';
  };

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through,
    connections: () => made,
    allEnded: async () =>
      void (await until(() => lines.size === 0, { what: 'the end of all connections', withinMs: 20_000 })),
    cut,
    silenceCurrent,
    silence: () => {
      silent = true;
      silenceCurrent();
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
