/** What an FTP server says, as the library under us hands it on: for whoever tries what we make of it. */
import { type FileInfo, FTPError } from 'basic-ftp';
import { parseList } from 'basic-ftp/dist/parseList.js';

export const replyOf = (code: number, message: string): FTPError => new FTPError({ code, message });

/** @throws Error where no server lists so */
export const listingOf = (text: string): FileInfo[] => parseList(text);
