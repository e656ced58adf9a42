/** The files of one SFTP session: each request of the protocol, and what it does to the folder. */
import fs from 'node:fs';
import path from 'node:path';
import ssh2, { type SFTPWrapper } from 'ssh2';
import type { TargetFaults } from './target-faults.ts';

const { STATUS_CODE, flagsToString } = ssh2.utils.sftp;

export type Served = { readonly root: string; readonly faults: TargetFaults; readonly cut: () => void };

/** What a handle of the protocol stands for: an open file, or a folder of which the names are still to be told. */
type Open = { readonly file: number } | { readonly folder: string; names: string[] };

export function serveFiles(session: SFTPWrapper, { root, faults, cut }: Served): void {
  const handles = new Handles();
  const at = (name: string) => inside(root, name);
  /** Answers with what the request did, or with why it failed. */
  const answer = (request: number, act: () => void) => {
    try {
      act();
    } catch (error) {
      session.status(request, statusOf(error), String((error as Partial<Error>).message ?? error));
    }
  };
  const done = (request: number, act: () => void) =>
    answer(request, () => {
      act();
      session.status(request, STATUS_CODE.OK);
    });

  session.on('OPEN', (request, name, flags) =>
    answer(request, () => {
      const mode = flagsToString(flags) ?? 'r';
      if (mode !== 'r' && faults.take('deny-write')) throw new DeniedError();
      session.handle(request, handles.add({ file: fs.openSync(at(name), mode) }));
    }),
  );
  session.on('WRITE', (request, handle, offset, data) =>
    done(request, () => {
      const { file } = handles.file(handle);
      const fault = (['drop-upload', 'disk-full'] as const).find((one) => faults.take(one));
      fs.writeSync(file, data, 0, fault ? Math.ceil(data.length / 2) : data.length, offset);
      if (fault === 'drop-upload') cut();
      if (fault === 'disk-full') throw new Error('No space left on device');
    }),
  );
  session.on('READ', (request, handle, offset, length) =>
    answer(request, () => {
      const bytes = Buffer.alloc(length);
      const count = fs.readSync(handles.file(handle).file, bytes, 0, length, offset);
      if (count === 0) session.status(request, STATUS_CODE.EOF);
      else session.data(request, bytes.subarray(0, count));
    }),
  );
  session.on('CLOSE', (request, handle) => done(request, () => handles.close(handle)));
  session.on('FSETSTAT', (request) => done(request, () => undefined));
  session.on('SETSTAT', (request) => done(request, () => undefined));

  session.on('OPENDIR', (request, name) =>
    answer(request, () => session.handle(request, handles.add({ folder: at(name), names: fs.readdirSync(at(name)) }))),
  );
  session.on('READDIR', (request, handle) =>
    answer(request, () => {
      const open = handles.folder(handle);
      if (open.names.length === 0) return session.status(request, STATUS_CODE.EOF);
      session.name(
        request,
        open.names.splice(0, 100).map((name) => listed(open.folder, name)),
      );
    }),
  );

  session.on('STAT', (request, name) =>
    answer(request, () => session.attrs(request, attributes(fs.statSync(at(name))))),
  );
  session.on('LSTAT', (request, name) =>
    answer(request, () => session.attrs(request, attributes(fs.lstatSync(at(name))))),
  );
  session.on('FSTAT', (request, handle) =>
    answer(request, () => session.attrs(request, attributes(fs.fstatSync(handles.file(handle).file)))),
  );
  session.on('REALPATH', (request, name) => {
    const filename = path.posix.normalize(`/${name}`);
    session.name(request, [{ filename, longname: filename, attrs: attributes(fs.statSync(root)) }]);
  });

  session.on('MKDIR', (request, name) => done(request, () => fs.mkdirSync(at(name))));
  session.on('RMDIR', (request, name) => done(request, () => fs.rmdirSync(at(name))));
  session.on('REMOVE', (request, name) => done(request, () => fs.unlinkSync(at(name))));
  const rename = (request: number, from: string, to: string) =>
    done(request, () => {
      fs.renameSync(at(from), at(to));
      if (faults.take('drop-rename')) cut();
    });
  session.on('RENAME', (request, from, to) =>
    answer(request, () => {
      if (fs.existsSync(at(to))) throw new Error(`${to} exists`); // the protocol's rename never overwrites
      rename(request, from, to);
    }),
  );
  session.on('EXTENDED', (request, name, data) => {
    if (name !== 'posix-rename@openssh.com') return session.status(request, STATUS_CODE.OP_UNSUPPORTED);
    const [from, to] = twoTexts(data);
    rename(request, from, to);
  });
  session.on('close', () => handles.closeAll());
}

class DeniedError extends Error {
  readonly code = 'EACCES';
  constructor() {
    super('Permission denied');
  }
}

class Handles {
  readonly #open = new Map<number, Open>();
  #next = 0;

  add(open: Open): Buffer {
    this.#next += 1;
    this.#open.set(this.#next, open);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.#next);
    return handle;
  }

  file(handle: Buffer): { file: number } {
    const open = this.#open.get(handle.readUInt32BE());
    if (!open || !('file' in open)) throw new Error('no such file handle');
    return open;
  }

  folder(handle: Buffer): { folder: string; names: string[] } {
    const open = this.#open.get(handle.readUInt32BE());
    if (!open || !('folder' in open)) throw new Error('no such folder handle');
    return open;
  }

  close(handle: Buffer): void {
    const open = this.#open.get(handle.readUInt32BE());
    this.#open.delete(handle.readUInt32BE());
    if (open && 'file' in open) fs.closeSync(open.file);
  }

  closeAll(): void {
    for (const open of this.#open.values()) if ('file' in open) fs.closeSync(open.file);
    this.#open.clear();
  }
}

/** The file that a client's path means. There is no way out of the folder: `..` ends at its top. */
function inside(root: string, name: string): string {
  return path.join(root, path.posix.normalize(`/${name}`));
}

function statusOf(error: unknown): number {
  const { code } = error as { code?: unknown };
  if (code === 'ENOENT') return STATUS_CODE.NO_SUCH_FILE;
  return code === 'EACCES' || code === 'EPERM' ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
}

function listed(folder: string, filename: string) {
  const stats = fs.lstatSync(path.join(folder, filename));
  const kind = stats.isDirectory() ? 'd' : '-';
  return {
    filename,
    longname: `${kind}rw-r--r-- 1 demo demo ${stats.size} Jan 1 00:00 ${filename}`,
    attrs: attributes(stats),
  };
}

function attributes({ mode, uid, gid, size, atimeMs, mtimeMs }: fs.Stats) {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}

function twoTexts(data: Buffer): [string, string] {
  const length = data.readUInt32BE();
  return [data.toString('utf8', 4, 4 + length), data.toString('utf8', 8 + length)];
}
