/** The requests of one scripted SFTP session, on files in memory. */
import ssh2, { type SFTPWrapper } from 'ssh2';
import type { FilesInMemory } from './files-in-memory.ts';
import { HARDLINK, offerHardlinks, sendStatus, twoTexts } from './scripted-sftp-packets.ts';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

export type FileManners = {
  /** It offers `hardlink@openssh.com`. */
  readonly hardlinks?: boolean;
  /** What a rename or link to a name that is taken is answered with; `overwrites`: the rename replaces what lies there. */
  readonly taken?: number | 'overwrites';
  /** Just before a request is done. A status is its answer then. */
  readonly before?: (request: string, path: string) => number | undefined;
};

type Served = { readonly files: FilesInMemory; readonly asked: string[]; readonly manners: FileManners };

export function serveMemory(session: SFTPWrapper, { files, asked, manners }: Served): void {
  const { taken = STATUS_CODE.FAILURE, before } = manners;
  const handles = new Map<number, { readonly path: string; told: boolean }>();
  let next = 0;
  if (manners.hardlinks) offerHardlinks(session);

  const isFolder = (path: string) => files.hasFolder(path) || !path.includes('.');
  const opened = (handle: Buffer) => handles.get(handle.readUInt32BE()) ?? { path: '', told: true };
  /** Notes the request, and does it unless the script has another answer. */
  const on = (name: string, request: number, path: string, act: () => void) => {
    asked.push(`${name} ${path}`);
    const status = before?.(name, path);
    if (status === undefined) act();
    else sendStatus(session, request, status);
  };
  const ok = (request: number) => session.status(request, STATUS_CODE.OK);
  const open = (request: number, path: string) => {
    next += 1;
    handles.set(next, { path, told: false });
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(next);
    session.handle(request, handle);
  };
  const attributes = (request: number, path: string) => {
    if (files.has(path)) return session.attrs(request, fileOf(files.get(path)?.length ?? 0));
    if (isFolder(path)) return session.attrs(request, FOLDER);
    return session.status(request, STATUS_CODE.NO_SUCH_FILE);
  };
  const give = (request: number, from: string, to: string, keep: boolean) => {
    if (!files.has(from)) return session.status(request, STATUS_CODE.NO_SUCH_FILE);
    if (files.has(to) && (keep || taken !== 'overwrites'))
      return sendStatus(session, request, taken === 'overwrites' ? STATUS_CODE.FAILURE : taken);
    if (keep) files.set(to, files.get(from) ?? Buffer.alloc(0));
    else files.rename(from, to);
    ok(request);
  };

  session.on('OPEN', (request, path, flags) =>
    on('OPEN', request, path, () => {
      if (flags & OPEN_MODE.EXCL && files.has(path)) return session.status(request, STATUS_CODE.FAILURE);
      if (flags & OPEN_MODE.TRUNC) files.set(path, Buffer.alloc(0));
      if (!files.has(path)) return session.status(request, STATUS_CODE.NO_SUCH_FILE);
      open(request, path);
    }),
  );
  session.on('WRITE', (request, handle, offset, data) =>
    on('WRITE', request, opened(handle).path, () => {
      const { path } = opened(handle);
      files.set(path, Buffer.concat([(files.get(path) ?? Buffer.alloc(0)).subarray(0, offset), data]));
      ok(request);
    }),
  );
  session.on('READ', (request, handle, offset, length) => {
    const bytes = files.get(opened(handle).path)?.subarray(offset, offset + length) ?? Buffer.alloc(0);
    if (bytes.length === 0) session.status(request, STATUS_CODE.EOF);
    else session.data(request, bytes);
  });
  session.on('CLOSE', (request) => ok(request));
  session.on('FSETSTAT', (request) => ok(request));
  session.on('FSTAT', (request, handle) => attributes(request, opened(handle).path));
  session.on('STAT', (request, path) => on('STAT', request, path, () => attributes(request, path)));
  session.on('LSTAT', (request, path) => on('LSTAT', request, path, () => attributes(request, path)));
  session.on('REALPATH', (request, path) =>
    on('REALPATH', request, path, () =>
      session.name(request, [{ filename: `/${path}`, longname: `/${path}`, attrs: FOLDER }]),
    ),
  );
  session.on('OPENDIR', (request, path) => on('OPENDIR', request, path, () => open(request, path)));
  session.on('READDIR', (request, handle) => {
    const folder = opened(handle);
    const names = folder.told ? [] : files.namesIn(folder.path);
    folder.told = true;
    if (names.length === 0) return session.status(request, STATUS_CODE.EOF);
    session.name(
      request,
      names.map(({ name, size }) => ({ filename: name, longname: `-rw-r--r-- 1 ${name}`, attrs: fileOf(size) })),
    );
  });
  session.on('MKDIR', (request, path) => on('MKDIR', request, path, () => ok(request)));
  session.on('REMOVE', (request, path) =>
    on('REMOVE', request, path, () =>
      session.status(request, files.delete(path) ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE),
    ),
  );
  session.on('RENAME', (request, from, to) => on('RENAME', request, to, () => give(request, from, to, false)));
  session.on('EXTENDED', (request, name, data) => {
    if (name !== HARDLINK || !manners.hardlinks) return session.status(request, STATUS_CODE.OP_UNSUPPORTED);
    const [from, to] = twoTexts(data);
    on('LINK', request, to, () => give(request, from, to, true));
  });
}

const fileOf = (size: number) => ({ mode: 0o100644, uid: 0, gid: 0, size, atime: 0, mtime: 0 });
const FOLDER = { ...fileOf(0), mode: 0o040755 };
