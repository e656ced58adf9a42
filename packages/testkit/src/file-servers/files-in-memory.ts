/** The files of a scripted server, by full path. A folder is there for whoever asks, unless it was never written into. */
export type FilesInMemory = {
  get(path: string): Buffer | undefined;
  set(path: string, bytes: Buffer): void;
  has(path: string): boolean;
  delete(path: string): boolean;
  /** Over whatever lies there. */
  rename(from: string, to: string): void;
  hasFolder(path: string): boolean;
  namesIn(folder: string): { readonly name: string; readonly size: number }[];
  /** Every file with its text, by its path below `/in`. */
  tree(): Record<string, string>;
};

const BASE = '/in/';

export function filesInMemory(): FilesInMemory {
  const files = new Map<string, Buffer>();
  const below = (folder: string) => `${folder.replace(/\/$/, '')}/`;
  return {
    get: (path) => files.get(path),
    set: (path, bytes) => void files.set(path, bytes),
    has: (path) => files.has(path),
    delete: (path) => files.delete(path),
    rename(from, to) {
      files.set(to, files.get(from) ?? Buffer.alloc(0));
      files.delete(from);
    },
    hasFolder: (path) => [...files.keys()].some((one) => one.startsWith(below(path))),
    namesIn(folder) {
      const start = below(folder);
      return [...files]
        .filter(([path]) => path.startsWith(start) && !path.slice(start.length).includes('/'))
        .map(([path, bytes]) => ({ name: path.slice(start.length), size: bytes.length }));
    },
    tree: () => Object.fromEntries([...files].map(([path, bytes]) => [path.replace(BASE, ''), bytes.toString()])),
  };
}
