/** SFTP on ssh2's server: one user, his password, one folder. */
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { type FileTarget, type FileTargetOptions, targetUrl } from './file-target.ts';
import { fingerprint, type HostKey, makeHostKey } from './host-key.ts';
import { serveFiles } from './sftp-session.ts';
import { TargetFaults } from './target-faults.ts';

export type SftpTargetOptions = FileTargetOptions & { readonly hostKey?: HostKey };
export type SftpTarget = FileTarget & {
  /** `SHA256:…`; it is in the URL too, as `?hostkey=`. */
  readonly hostKey: string;
};

export async function startSftpTarget(options: SftpTargetOptions): Promise<SftpTarget> {
  const { root, host = '127.0.0.1', port = 0, hostKey = makeHostKey() } = options;
  mkdirSync(root, { recursive: true });
  const faults = new TargetFaults();
  const sockets = new Set<Socket>();
  // Without `noDelay` each answer waits 40 ms for the client's acknowledgement of the one before.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A server for each connection, so that a fault can cut the socket that it belongs to.
    const onConnection = (client: Connection) =>
      handleConnection(client, { options, faults, cut: () => socket.resetAndDestroy() });
    new ssh2.Server({ hostKeys: [hostKey.privateKey] }, onConnection).injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const bound = (server.address() as AddressInfo).port;
  const pinned = fingerprint(hostKey);
  return {
    port: bound,
    url: `${targetUrl('sftp', bound, options)}?hostkey=${encodeURIComponent(pinned)}`,
    root,
    hostKey: pinned,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

type SftpSession = { readonly options: SftpTargetOptions; readonly faults: TargetFaults; readonly cut: () => void };

function handleConnection(client: Connection, session: SftpSession): void {
  client.on('error', () => client.end());
  client.on('authentication', (attempt) => authenticate(attempt, session));
  client.on('session', (accept) => {
    accept().on('sftp', (acceptSftp) => serveFiles(acceptSftp(), { ...session, root: session.options.root }));
  });
}

function authenticate(attempt: AuthContext, { options: { user, password }, faults }: SftpSession): void {
  const isRight = attempt.method === 'password' && attempt.username === user && attempt.password === password;
  if (isRight && !faults.take('refuse-login')) attempt.accept();
  else attempt.reject(['password']);
}
