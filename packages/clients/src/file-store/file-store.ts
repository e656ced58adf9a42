/** The bytes, or how to get them when their turn has come: what waits for a connection need not lie in memory. */
export type FileContent = Uint8Array | (() => Promise<Uint8Array>);

/** A folder somewhere else. Paths are relative to it, in plain characters, parted by `/`. */
export type FileStore = {
  /** Protocol, host and port (or the folder), for messages: it never holds a user or a password. */
  readonly label: string;
  /**
   * Puts the file there whole or not at all: written as `.<name>.part` (or, where the target's URL says so, `<name>.part`)
   * beside its place, its size checked, then renamed. Content that is a function is asked for it once a connection is
   * free, and again where that one turns out to be dead.
   * @throws FileExistsError where a file of that name lies there, whatever its content; nothing is ever overwritten
   */
  put(path: string, content: FileContent, signal?: AbortSignal): Promise<void>;
  /** What lies in the folder, hidden files too; nothing where there is no such folder. `''` is the base folder. */
  list(folder: string, signal?: AbortSignal): Promise<readonly FileEntry[]>;
  /** @throws FileNotFoundError, FileTooLargeError */
  read(path: string, signal?: AbortSignal): Promise<Buffer>;
  /**
   * Hands over the file as it comes, for what may be too large for memory. Only silence has a limit of time, not the whole.
   * `take` may be called a second time, where a kept connection turns out to be dead before its first byte.
   * @throws FileNotFoundError
   */
  stream<T>(path: string, take: (bytes: AsyncIterable<Uint8Array>) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** @throws FileExistsError where `to` is taken, FileNotFoundError where `from` is not there */
  move(from: string, to: string, signal?: AbortSignal): Promise<void>;
  /** Done also where there is no such file. */
  remove(path: string, signal?: AbortSignal): Promise<void>;
  /** The file's size in bytes; null: there is no such file. */
  stat(path: string, signal?: AbortSignal): Promise<number | null>;
  /** When the file was last written, by the target's clock; null: there is none, or the target does not tell. */
  modifiedAt(path: string, signal?: AbortSignal): Promise<Date | null>;
  /** Takes nothing new, waits for what is under way (which ends by its own limits), and hangs up. */
  close(): Promise<void>;
};

export type FileEntry = { readonly name: string; readonly size: number; readonly kind: 'file' | 'folder' };
