import { PathRefusedError } from './errors.ts';

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const MAX_NAME = 120;
/** Names that Windows gives to devices, with or without an ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Refuses what could be understood as something else than a name below the base folder: a way up, a command behind a
 * line break, a hidden file, a device.
 * @throws PathRefusedError
 */
export function checkPath(path: string): void {
  for (const name of path.split('/')) {
    const mistake = mistakeIn(name);
    if (mistake) throw new PathRefusedError(`path ${JSON.stringify(path.slice(0, 200))}: ${mistake}`, 'path_refused');
  }
}

/** Names that people give: any letters, spaces between them, nothing that steers a server or leads elsewhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const UNSAYABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd\\/]/;
const MAX_BYTES = 240;

/** For folders that others fill. @throws PathRefusedError */
export function checkForeignPath(path: string): void {
  for (const name of path.split('/')) {
    const mistake = mistakeInForeign(name);
    if (mistake) throw new PathRefusedError(`path ${JSON.stringify(path.slice(0, 200))}: ${mistake}`, 'path_refused');
  }
}

function mistakeInForeign(name: string): string | undefined {
  if (name === '') return 'it must be relative, without empty parts';
  if (name.startsWith('.')) return 'no part may begin with "."';
  if (UNSAYABLE.test(name) || !name.isWellFormed()) return 'it has a character that cannot be told to a server';
  if (name.trim() !== name) return 'it begins or ends with a space';
  if (Buffer.byteLength(name) > MAX_BYTES) return `no part may be longer than ${MAX_BYTES} bytes`;
  return undefined;
}

function mistakeIn(name: string): string | undefined {
  if (name === '') return 'it must be relative, without empty parts';
  if (name.startsWith('.')) return 'no part may begin with "."';
  if (!NAME.test(name)) return 'only letters, digits, ".", "_" and "-" may be used';
  if (name.includes('..') || name.endsWith('.')) return 'no part may hold ".." or end in "."';
  if (name.length > MAX_NAME) return `no part may be longer than ${MAX_NAME} characters`;
  if (DEVICE.test(name)) return `"${name}" is the name of a device`;
  return undefined;
}

/** The folder that holds the path; empty: the base folder. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** How a file is called until it is whole. */
export type PartNames = {
  readonly of: (name: string) => string;
  /** It is the rest of an upload of ours, and of nobody else. */
  readonly isOurs: (name: string) => boolean;
};

export const PART_NAMES = {
  hidden: { of: (name) => `.${name}.part`, isOurs: (name) => name.startsWith('.') && name.endsWith('.part') },
  // Others call theirs so too. A rest of ours is replaced by the next try of its file.
  suffix: { of: (name) => `${name}.part`, isOurs: () => false },
} as const satisfies Record<string, PartNames>;

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Where a file is written before it gets its name. */
export function partOf(path: string, names: PartNames): string {
  const folder = folderOf(path);
  return joined(folder, names.of(nameOf(path)));
}

export function joined(folder: string, path: string): string {
  if (folder === '' || path === '') return folder + path;
  return folder.endsWith('/') ? folder + path : `${folder}/${path}`;
}

/** The folder and everything above it, outermost first. */
export function withParents(folder: string): string[] {
  const names = folder.split('/').filter((name) => name !== '');
  const root = folder.startsWith('/') ? '/' : '';
  return names.map((_, index) => root + names.slice(0, index + 1).join('/'));
}
