export * from './errors.ts';
export type { FileContent, FileEntry, FileStore } from './file-store.ts';
export { type FileStoreOptions, openFileStore } from './open.ts';
