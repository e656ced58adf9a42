/** A file server on this machine, for tests. */
export type FileServer = {
  /** With user, password and what pins it: ready for `openFileStore`. */
  readonly url: URL;
  /** The folder of this machine that the URL's folder is. It does not exist before the first file. */
  readonly folder: string;
  close(): Promise<void>;
};
