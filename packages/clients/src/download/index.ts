export { type DownloadOptions, type Downloads, openDownloads, type Resolve } from './download.ts';
export { LinkNotAllowedError, NoDownloadError } from './errors.ts';
