/**
 * The renderer. Its token is the first line of its standard input, its address the first line of its standard output. It
 * knows nothing else: no setting, no database, no queue, no network. When its input ends, nobody wants it any more.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { openChecker } from './check/checker.ts';
import { pagePrinter } from './page/page-printer.ts';
import { rendererServer } from './server.ts';

// Ctrl-C goes to all on the terminal; who has started us ends us once it needs no more.
process.on('SIGINT', () => undefined);

const told = createInterface({ input: process.stdin });
const [token] = (await once(told, 'line')) as [string];

const checker = openChecker();
const printer = pagePrinter({ checker });
const server = rendererServer(token, { printer, checker });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);

const end = async () => {
  await Promise.all([printer.close(), checker.close()]);
  process.exit(0);
};
told.on('close', end);
process.on('SIGTERM', end);
