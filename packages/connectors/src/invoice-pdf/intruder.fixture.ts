/** In a renderer's place: code that has broken out of what reads foreign paper. Tells what it gets hold of. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { json } from 'node:stream/consumers';

const [socketPath] = process.argv.slice(2);
const service = `/proc/${process.ppid}`;

export type Asked = { readonly files: readonly string[]; readonly port: number; readonly environment: string };

const server = createServer(async (request, response) => {
  const { files, port, environment } = (await json(request)) as Asked;
  const got = {
    environment: tried(() => readFileSync(`${service}/environ`, 'utf8').includes(environment)),
    memory: tried(() => readFileSync(`${service}/maps`).length > 0),
    files: files.map((file) => tried(() => readFileSync(file, 'utf8'))),
    database: await connected(port),
    networks: Object.keys(networkInterfaces()),
  };
  response.end(JSON.stringify(got));
});
server.listen(socketPath, () => console.log(JSON.stringify({ socketPath })));
process.stdin.resume().on('end', () => process.exit());

function tried(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return codeOf(error);
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

function connected(port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve('connected'));
    socket.once('error', (error) => resolve(codeOf(error)));
  });
}
