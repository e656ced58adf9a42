import type { FileEntry } from './file-store.ts';

/**
 * One connection to a target, used by one caller at a time: the few things that every protocol can do, in full paths.
 * After an error it is thrown away. What a target answers with "no such file" is a value here, not an error.
 */
export type Session = {
  /** False once the other side has hung up, as far as this side has heard. */
  isOpen(): boolean;
  /** How often the other side has answered so far: a connection that breaks without an answer was hung up before. */
  answers(): number;
  /** A cheap question to the other side: does it still answer? Never throws. */
  alive(): Promise<boolean>;
  size(path: string): Promise<number | null>;
  /** By the target's clock; null where it does not tell. */
  modifiedAt(path: string): Promise<Date | null>;
  list(folder: string): Promise<FileEntry[]>;
  /** With everything above it; done also where it exists. */
  makeFolder(folder: string): Promise<void>;
  /** Replaces what is there: its name, never the content of a file that has another name besides. */
  write(path: string, bytes: Buffer): Promise<void>;
  /** @throws FileNotFoundError, FileTooLargeError */
  read(path: string, maxBytes: number): Promise<Buffer>;
  /** Piece by piece. What is not read to its end leaves the connection unusable. @throws FileNotFoundError */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** False where `to` exists: it stays as it is. */
  rename(from: string, to: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Hangs up at once; what is under way fails. */
  drop(): void;
};

export type Connect = (signal: AbortSignal) => Promise<Session>;
