/** FTP, with explicit TLS where a certificate is given, on ftp-srv. */
import { mkdirSync } from 'node:fs';
import type { AddressInfo, Server, Socket } from 'node:net';
import ftpSrv, { type FileSystem, type FtpConnection, type FtpServer } from 'ftp-srv';
import type { Certificate } from './certificate.ts';
import { type FileTarget, type FileTargetOptions, targetUrl } from './file-target.ts';
import { FaultyFileSystem } from './ftp-file-system.ts';
import { TargetFaults } from './target-faults.ts';

export type FtpTargetOptions = FileTargetOptions & {
  /** Given: a client may ask for TLS on the same port (`AUTH TLS`). */
  readonly certificate?: Certificate;
};

/** What ftp-srv has and its types leave out. */
type ServerInternals = { readonly server: Server };
type ConnectionInternals = { readonly commandSocket: Socket; readonly connector: { readonly socket?: Socket } };
type Login = { readonly connection: FtpConnection; readonly username: string; readonly password: string };

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;
const PASSIVE_PORTS = 500;

export async function startFtpTarget(options: FtpTargetOptions): Promise<FileTarget> {
  const { root, host = '127.0.0.1', port = 0, certificate } = options;
  mkdirSync(root, { recursive: true });
  const faults = new TargetFaults();
  const passiveFrom = passivePort();
  const server = withoutSignals(
    () =>
      new ftpSrv.FtpSrv({
        url: `ftp://${host}:${port}`,
        pasv_url: host === '0.0.0.0' ? '127.0.0.1' : host,
        pasv_min: passiveFrom,
        pasv_max: passiveFrom + PASSIVE_PORTS,
        anonymous: false,
        tls: certificate ?? false,
        log: SILENT,
      }),
  );
  const sockets = new Set<Socket>();
  socketServer(server).on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  });
  server.on('login', (login: Login, accept, refuse) => {
    if (faults.take('refuse-login') || !isRight(login, options)) return refuse(new Error('Login incorrect'));
    keepConnector(login.connection);
    accept({ root, fs: fileSystem(login.connection, root, faults) });
  });
  await server.listen();
  const bound = (socketServer(server).address() as AddressInfo).port;
  return { port: bound, url: targetUrl('ftp', bound, options), root, faults, close: () => close(server, sockets) };
}

/** ftp-srv answers a signal by ending the whole process at once; whoever runs the process decides that here. */
function withoutSignals<Value>(make: () => Value): Value {
  const before = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const);
  const value = make();
  for (const [signal, kept] of before)
    for (const listener of process.listeners(signal)) if (!kept.includes(listener)) process.off(signal, listener);
  return value;
}

/**
 * ftp-srv ends each data connection twice, the second time when its socket is gone for good. By then the client may have
 * opened the next one, which would be forgotten in the middle of an upload. An ended connector names itself as the
 * owner of its successor, so one that is not the current one is known, and not listened to.
 */
function keepConnector(connection: FtpConnection): void {
  type Connector = { readonly connection: unknown };
  let current = (connection as unknown as { connector: Connector }).connector;
  Object.defineProperty(connection, 'connector', {
    get: () => current,
    set: (next: Connector) => {
      if (next.connection === connection || next.connection === current) current = next;
    },
  });
}

function fileSystem(connection: FtpConnection, root: string, faults: TargetFaults): FileSystem {
  const { commandSocket, connector } = connection as unknown as ConnectionInternals;
  const cut = () => {
    connector.socket?.destroy();
    commandSocket.destroy();
  };
  return new FaultyFileSystem(connection, { root, faults, cut });
}

function isRight(login: Login, { user, password }: FtpTargetOptions): boolean {
  return login.username === user && login.password === password;
}

/** `server.close` waits until the last connection has ended, which a kept one never does. */
async function close(server: FtpServer, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => socketServer(server).close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}

function socketServer(server: FtpServer): Server {
  return (server as unknown as ServerInternals).server;
}

/** Below the ports of outgoing connections, and another range for each server, since ftp-srv counts up from the first. */
function passivePort(): number {
  return 20_000 + Math.floor(Math.random() * 20) * PASSIVE_PORTS;
}

const ignore = (): void => undefined;
const SILENT = { child: () => SILENT, trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
