export { type DownloadSettings, type Downloads, openDownloads } from './download.ts';
export * from './errors.ts';
