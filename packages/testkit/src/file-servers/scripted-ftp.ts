/**
 * An FTP server that behaves as a test says, its files in memory: how servers in the field refuse, hang up and do without,
 * which no setting of a real one brings about at the moment that a test needs.
 */
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type FilesInMemory, filesInMemory } from './files-in-memory.ts';
import { listenOnLoopback } from './listening.ts';
import { openDataPort } from './scripted-ftp-data.ts';

export type FtpManners = {
  /** What it says to a command instead of doing it; undefined: it does it. The password's command is never asked about. */
  readonly answer?: (command: string, argument: string) => string | undefined;
  /** So many may be connected at a time; whoever comes then is told `full` and hung up on. */
  readonly most?: number;
  readonly full?: string;
  /** It is full for so many at first. */
  readonly refusesFirst?: number;
  /** Whoever is full is told only after the password. */
  readonly fullAtLogin?: boolean;
  /** It takes so many bytes of a file, then cuts the data connection and says 552. */
  readonly quota?: number;
  /** It hangs up right after having answered a line that begins so. */
  readonly hangsUpAfter?: string;
};

export type ScriptedFtp = {
  readonly url: URL;
  readonly files: FilesInMemory;
  /** Every command as it came, passwords left out. */
  readonly asked: readonly string[];
  /** How many connections were let in, and how many were refused. */
  readonly counts: { letIn: number; refused: number };
  /** Hangs up on everybody, with these words before it. */
  hangUp(words?: string): void;
  close(): Promise<void>;
};

const LOGIN = { user: 'seller', password: 'hidden-in-every-message' };

export async function startScriptedFtp(manners: FtpManners = {}): Promise<ScriptedFtp> {
  const files = filesInMemory();
  const asked: string[] = [];
  const counts = { letIn: 0, refused: 0 };
  const connected = new Set<Socket>();
  const { refusesFirst = 0 } = manners;
  const server = createServer({ noDelay: true }, (socket) => {
    const isFull = counts.refused < refusesFirst || connected.size >= (manners.most ?? Number.POSITIVE_INFINITY);
    counts[isFull ? 'refused' : 'letIn'] += 1;
    if (!isFull) connected.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => connected.delete(socket));
    serve(socket, { manners, files, asked, isFull });
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    url: new URL(`ftp://${LOGIN.user}:${LOGIN.password}@127.0.0.1:${port}/in`),
    files,
    asked,
    counts,
    hangUp(words) {
      for (const socket of connected) socket.end(words === undefined ? '' : `${words}\r\n`);
    },
    close,
  };
}

type Served = {
  readonly manners: FtpManners;
  readonly files: FilesInMemory;
  readonly asked: string[];
  readonly isFull: boolean;
};

function serve(socket: Socket, { manners, files, asked, isFull }: Served): void {
  const { full = '421 There are too many connections from your internet address.' } = manners;
  const say = (reply: string) => socket.writable && socket.write(`${reply}\r\n`);
  if (isFull && !manners.fullAtLogin) return void socket.end(`${full}\r\n`);
  const act = commands({ files, say, manners });
  say('220 ready');
  // It says again what its socket said, which is gone then.
  const lines = createInterface({ input: socket }).on('error', () => undefined);
  lines.on('line', async (line) => {
    const [command = '', ...rest] = line.split(' ');
    const argument = rest.join(' ');
    asked.push(command === 'PASS' ? command : line);
    if (command === 'PASS' && isFull) return void socket.end(`${full}\r\n`);
    const scripted = command === 'PASS' ? undefined : manners.answer?.(command, argument);
    say(scripted ?? (await act(command, argument)));
    if (manners.hangsUpAfter && line.startsWith(manners.hangsUpAfter)) socket.end();
  });
}

type Tools = Pick<Served, 'files' | 'manners'> & { readonly say: (reply: string) => unknown };
type Command = (argument: string) => string | Promise<string>;

function commands({ files, manners, say }: Tools): (command: string, argument: string) => string | Promise<string> {
  let renaming = '';
  let data: Awaited<ReturnType<typeof openDataPort>> | undefined;
  const done = '226 done';

  async function store(path: string): Promise<string> {
    say('150 send it');
    const { quota } = manners;
    const taken = (await data?.receive(quota)) ?? Buffer.alloc(0);
    files.set(path, taken);
    return quota !== undefined && taken.length >= quota ? '552 Transfer aborted. Disk quota exceeded' : done;
  }

  async function send(bytes: Buffer): Promise<string> {
    say('150 here it comes');
    await data?.send(bytes);
    return done;
  }

  const known: Record<string, Command> = {
    USER: () => '331 and the password?',
    PASS: () => '230 come in',
    FEAT: () => '211 nothing special',
    OPTS: () => '501 no options',
    TYPE: () => '200 so be it',
    STRU: () => '200 so be it',
    NOOP: () => '200 still here',
    EPSV: async () => {
      data = await openDataPort();
      return `229 Entering Extended Passive Mode (|||${data.port}|)`;
    },
    CWD: (path) => (files.hasFolder(path) ? '250 there' : '550 no such folder'),
    MKD: (path) => `257 "${path}"`,
    SIZE: (path) => (files.has(path) ? `213 ${files.get(path)?.length}` : '550 no such file'),
    MDTM: (path) => (files.has(path) ? '213 20260101000000' : '550 no such file'),
    STOR: store,
    RETR: (path) => (files.has(path) ? send(files.get(path) ?? Buffer.alloc(0)) : '550 no such file'),
    LIST: (folder) => send(Buffer.from(listing(files, folder))),
    DELE: (path) => (files.delete(path) ? '250 gone' : '550 no such file'),
    RNFR: (path) => {
      renaming = path;
      return files.has(path) ? '350 to what?' : '550 no such file';
    },
    RNTO: (path) => {
      files.rename(renaming, path);
      return '250 renamed';
    },
  };
  return (command, argument) => known[command]?.(argument) ?? '502 Command not implemented';
}

function listing(files: FilesInMemory, folder: string): string {
  const lines = files
    .namesIn(folder.replace(/^-a ?/, ''))
    .map(({ name, size }) => `-rw-r--r--   1 seller   seller   ${size} Jan  1 00:00 ${name}\r\n`);
  return lines.join('');
}
