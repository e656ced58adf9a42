/** Reading import files: what later stores, takes and reports rows builds on this. */
export type { FindAccounts } from './account-book.ts';
export type { ImportSource } from './import-source.ts';
export * from './open-import.ts';
export type { Encoding, TableForm } from './table.ts';
