/** ftp-srv's files, with what a target does when it fails. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import ftpSrv, { type FtpConnection } from 'ftp-srv';
import type { TargetFaults } from './target-faults.ts';

type FaultyFileSystemOptions = { readonly root: string; readonly faults: TargetFaults; readonly cut: () => void };
type Answer = FtpConnection['reply'];

const DENIED = 550;
const NO_SPACE = 452;

export class FaultyFileSystem extends ftpSrv.FileSystem {
  readonly #faults: TargetFaults;
  readonly #cut: () => void;

  constructor(connection: FtpConnection, { root, faults, cut }: FaultyFileSystemOptions) {
    super(connection, { root, cwd: '/' });
    this.#faults = faults;
    this.#cut = cut;
  }

  override write(name: string, options?: { append?: boolean; start?: unknown }): unknown {
    if (this.#faults.take('deny-write')) throw new Error(`${name}: Permission denied`);
    if (this.#faults.take('drop-upload')) return this.#half(name, () => this.#cut());
    if (this.#faults.take('disk-full')) {
      answerOnce(this.connection, DENIED, NO_SPACE);
      return this.#half(name, (stream) => stream.destroy(new Error('No space left on device')));
    }
    return super.write(name, options);
  }

  override async rename(from: string, to: string): Promise<void> {
    await super.rename(from, to);
    if (this.#faults.take('drop-rename')) this.#cut();
  }

  /** Writes half of what comes first, and then fails. */
  #half(name: string, fail: (stream: Writable) => void): Writable {
    const file = openSync(this.#pathOf(name), 'w');
    const stream: Writable = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        writeSync(file, chunk, 0, Math.ceil(chunk.length / 2));
        closeSync(file);
        fail(stream);
        done();
      },
    });
    return stream;
  }

  /** ftp-srv keeps the way from a client's path to a file's to itself. */
  #pathOf(name: string): string {
    const inside = this as unknown as { _resolvePath(path: string): { fsPath: string } };
    return inside._resolvePath(name).fsPath;
  }
}

/** ftp-srv says 550 to everything that fails; real servers tell a full disk by another number. */
function answerOnce(connection: FtpConnection, instead: number, code: number): void {
  const reply: Answer = connection.reply.bind(connection);
  connection.reply = (options, ...letters) => {
    if (options !== instead) return reply(options, ...letters);
    connection.reply = reply;
    return reply(code, ...letters);
  };
}
