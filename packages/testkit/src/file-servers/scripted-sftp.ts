/**
 * An SFTP server that behaves as a test says, its files in memory: how servers in the field sign in, answer a taken name
 * and show their keys, which neither OpenSSH nor the simulator's own can be made to do.
 */
import { createServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { type FilesInMemory, filesInMemory } from './files-in-memory.ts';
import { type HostKeyKind, makeHostKey } from './host-key.ts';
import { listenOnLoopback } from './listening.ts';
import { type FileManners, serveMemory } from './scripted-sftp-files.ts';

export type SftpManners = FileManners & {
  readonly hostKeys?: readonly HostKeyKind[];
  /** What it does about somebody who wants in; left out: it takes the right password. */
  readonly signIn?: (attempt: AuthContext, password: string) => void;
  /** So many may be connected at a time; whoever comes then is hung up on without a word. */
  readonly most?: number;
};

export type ScriptedSftp = {
  /** It pins the first key. */
  readonly url: URL;
  readonly files: FilesInMemory;
  /** The fingerprints of its keys, in the order of `hostKeys`. */
  readonly fingerprints: readonly string[];
  /** Each request of the protocol, with its path. */
  readonly asked: readonly string[];
  readonly counts: { letIn: number; refused: number };
  /** The methods by which somebody tried to sign in, in order. */
  readonly attempts: readonly string[];
  hangUp(): void;
  close(): Promise<void>;
};

const LOGIN = { user: 'seller', password: 'hidden-in-every-message' };

export async function startScriptedSftp(manners: SftpManners = {}): Promise<ScriptedSftp> {
  const { hostKeys = ['ecdsa'], signIn = byPassword, most = Number.POSITIVE_INFINITY } = manners;
  const keys = hostKeys.map((kind) => makeHostKey(kind));
  const files = filesInMemory();
  const asked: string[] = [];
  const attempts: string[] = [];
  const counts = { letIn: 0, refused: 0 };
  const connected = new Set<Socket>();

  const talk = (client: Connection) => {
    client.on('error', () => client.end());
    client.on('authentication', (attempt) => {
      attempts.push(attempt.method);
      signIn(attempt, LOGIN.password);
    });
    client.on('session', (accept) => {
      accept().on('sftp', (open) => serveMemory(open(), { files, asked, manners }));
    });
  };
  const server = createServer({ noDelay: true }, (socket) => {
    if (connected.size >= most) {
      counts.refused += 1;
      return void socket.destroy();
    }
    counts.letIn += 1;
    connected.add(socket);
    socket.once('close', () => connected.delete(socket));
    new ssh2.Server({ hostKeys: keys.map(({ privateKey }) => privateKey) }, talk).injectSocket(socket);
  });
  const { port, close } = await listenOnLoopback(server);
  const url = new URL(`sftp://${LOGIN.user}:${LOGIN.password}@127.0.0.1:${port}/in`);
  const fingerprints = keys.map(({ fingerprint }) => fingerprint);
  url.search = `?hostkey=${encodeURIComponent(fingerprints[0] ?? '')}`;
  return {
    url,
    files,
    fingerprints,
    asked,
    counts,
    attempts,
    hangUp() {
      for (const socket of connected) socket.end();
    },
    close,
  };
}

function byPassword(attempt: AuthContext, password: string): void {
  if (attempt.method === 'password' && attempt.password === password) attempt.accept();
  else attempt.reject(['password']);
}
