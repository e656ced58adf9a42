/** What FTP and SFTP servers answer: listings, replies and errors become facts or one of the store's errors. */

import { oneLine } from '@lazada-sof/redact';
import fc from 'fast-check';
import { FileStoreError } from '../../clients/src/file-store/errors.ts';
import { connectError as ftpConnectError, orNull, replyError } from '../../clients/src/file-store/ftp/replies.ts';
import { listingOf, replyOf } from '../../clients/src/file-store/ftp/server-says.fixture.ts';
import { tellsNoSpace, tellsTooMany } from '../../clients/src/file-store/server-words.ts';
import { answerError, connectError as sftpConnectError, statusOf } from '../../clients/src/file-store/sftp/answers.ts';
import { readTarget } from '../../clients/src/file-store/target.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

const PASSWORD = 'hush-8f3a91';
const TARGET = readTarget(new URL(`ftp://u:${PASSWORD}@h/in`), { defaultPort: 21, needsUser: true, parameters: [] });
const LISTINGS = [
  '-rw-r--r--   1 ftp      ftp          2553 Mar 24 07:30 INV 1.pdf\r\ndrwxr-xr-x 2 0 0 4096 Jan 01  2024 in\r\nlrwxrwxrwx 1 a b 3 Feb 29 12:00 x -> y\r\n',
  '03-14-26  03:09PM       <DIR>          in\r\n03-14-26  03:09PM                 2553 INV_1.pdf\r\n',
  'type=file;size=2553;modify=20260314150926.123; INV_1.pdf\r\ntype=dir;modify=20260314150926; in\r\ntype=cdir; .\r\n',
];
const WORDS = [
  ...[
    '550 No such file',
    '552 quota exceeded',
    '421 Too many connections (3) from this IP',
    `530 Login ${PASSWORD} incorrect`,
  ],
  ...[
    'Timed out while waiting for handshake',
    'All configured authentication methods failed',
    'No space left on device',
    'Failure',
  ],
];
const CODES = [
  110, 150, 200, 226, 331, 421, 425, 426, 430, 450, 452, 500, 502, 504, 530, 532, 550, 552, 553, -1, 0, 1e9, 2, 3, 4, 7,
  12, 14,
];
const PIECES = [
  '\r\n',
  '\0',
  '\u001b[2J',
  '-',
  ' ',
  '9'.repeat(400),
  '-1',
  '/',
  '..',
  ';',
  '=',
  'type=',
  'total 5',
  '<DIR>',
  PASSWORD,
  'Feb 30',
  '99:99',
];

type Input = { readonly words: string; readonly code: number; readonly listing: string };

export default defineFuzz<Input>({
  known: [
    ...WORDS.flatMap((words) => CODES.map((code) => ({ words, code, listing: '' }))),
    ...[...LISTINGS, '', '\n', ' '].map((listing) => ({ words: '', code: 550, listing })),
    // On which a pattern could walk back and forth.
    ...['no ', 'max ', 'out of ', 'not enough ', 'already ', 'a '].map((piece) => ({
      words: piece.repeat(50_000),
      code: 550,
      listing: '',
    })),
    ...[' ', '-', '-rw ', 'a;', 'type=', '1 ', '-rw-r--r-- 1 a b '].map((piece) => ({
      ...{ words: '', code: 550 },
      listing: `${LISTINGS[0]}${piece.repeat(10_000)}\r\n`,
    })),
  ],
  inputs: fc.record({
    words: mutatedText(WORDS, PIECES),
    code: fc.oneof(fc.constantFrom(...CODES), fc.integer()),
    listing: mutatedText(LISTINGS, PIECES),
  }),
  async holds({ words, code, listing }) {
    tellsNoSpace(words);
    tellsTooMany(words);
    const reply = replyOf(code, words);
    const status = Object.assign(new Error(words), { code });
    const errors = [reply, status, new Error(words), Object.assign(new Error(words), { code: 'ECONNRESET' })].flatMap(
      (error) => [
        replyError(error, 'in/a.pdf', TARGET),
        ftpConnectError(error, TARGET),
        answerError(error, 'in/a.pdf', TARGET),
        sftpConnectError(error, TARGET),
      ],
    );
    for (const error of errors) {
      promised(error instanceof FileStoreError, 'an error of the store');
      promised(!`${error.message} ${error.code}`.includes(PASSWORD), `no password in ${error.message} (${error.code})`);
      promised(error.message.length < 1_000, `an error of ${error.message.length} characters`);
      promised(error.code.length < 100, `a code of ${error.code.length} characters`);
    }
    promised(statusOf(status) === code, 'its status');
    promised(!/\p{Cc}/u.test(oneLine(words)), 'one line');
    await orNull(async () => Promise.reject(reply)).catch((error: unknown) =>
      promised(error === reply, 'nothing or itself'),
    );
    for (const { name, size, modifiedAt } of entriesIn(listing)) {
      promised(typeof name === 'string' && typeof size === 'number', 'a name and a size');
      promised(modifiedAt === undefined || modifiedAt instanceof Date, 'a time or none');
    }
  },
});

/** A listing that the library cannot read is an error, which becomes one of the store's. */
function entriesIn(listing: string) {
  try {
    return listingOf(listing);
  } catch (error) {
    if (error instanceof Error && replyError(error, '', TARGET) instanceof FileStoreError) return [];
    throw error;
  }
}
