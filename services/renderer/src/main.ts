/**
 * The renderer. It knows no setting, database, queue or network. Its one argument says where it listens.
 *
 * A path: it is somebody's child. Its token is the first line of its standard input, where it is the first line of its
 * standard output. When its input ends, nobody wants it any more.
 * A port: it runs by itself, in a network that only `invoice-fetch` reaches. It has no token: whoever reaches it may ask.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openChecker } from './check/checker.ts';
import { warmBrowser } from './page/browser.ts';
import { startChromium } from './page/chromium.ts';
import { pagePrinter } from './page/page-printer.ts';
import { whyNoSandbox } from './page/sandbox.ts';
import { rendererServer } from './server.ts';

const [where = ''] = process.argv.slice(2);
const port = /^\d+$/.test(where) ? Number(where) : null;
if (where === '') throw new Error('say where the renderer listens: a path, or a port');

const told = port === null ? createInterface({ input: process.stdin }) : null;
const token = told && String((await once(told, 'line'))[0]);

const unsafe = await whyNoSandbox();
const says = unsafe ? [`Chromium runs without its own sandbox: ${unsafe}`] : [];
const checker = openChecker();
const browser = warmBrowser({ start: () => startChromium({ sandbox: unsafe === null }) });
const printer = pagePrinter({ checker, browser });
const server = rendererServer(token, { printer, checker });
server.listen(port === null ? { path: where } : { port, host: '0.0.0.0' });
await once(server, 'listening');
const address = server.address();
const at = typeof address === 'object' ? { port: address?.port } : { socketPath: address };
process.stdout.write(`${JSON.stringify({ ...at, says })}\n`);

const end = async () => {
  // Takes its socket away too.
  server.close();
  await Promise.all([printer.close(), checker.close()]);
  process.exit(0);
};
told?.on('close', end);
process.on('SIGTERM', end);
// Ctrl-C goes to all on the terminal; who has started us ends us once it needs no more.
process.on('SIGINT', port === null ? () => undefined : end);
