import { describe, expect, test } from '@jest/globals';
import { tellsNoSpace, tellsTooMany } from './server-words.ts';

describe('a server that has as many connections as it lets in', () => {
  test.each([
    ['vsftpd, of this address', '421 There are too many connections from your internet address.'],
    ['vsftpd', '421 There are too many connected users, please try later.'],
    ['ProFTPD, of this host', '530 Sorry, the maximum number of clients (3) from your host are already connected.'],
    ['ProFTPD, of this user', '530 Sorry, the maximum number of connections (10) for this user are already connected.'],
    ['ProFTPD', '530 Sorry, max 10 users -- try again later'],
    ['Pure-FTPd', '421 50 users (the maximum) are already logged in, sorry'],
    ['Pure-FTPd, of this address', '421 Too many connections (8) from this IP'],
    ['FileZilla', '421 Too many users are connected, please try again later.'],
    ['sftpgo', 'too many open sessions: 3'],
    ["SSH's own word", 'TOO_MANY_CONNECTIONS'.replaceAll('_', ' ')],
  ])('%s says so', (_, words) => {
    expect(tellsTooMany(words)).toBe(true);
  });

  test.each([
    ['a wrong password', '530 Login incorrect.'],
    ['OpenSSH that is tired of passwords', 'Too many authentication failures'],
    ['FileZilla that is tired of them', '421 Temporarily banned for too many failed login attempts'],
    ['a home that is not there', '530 User cannot log in, home directory inaccessible.'],
  ])('is not what %s means', (_, words) => {
    expect(tellsTooMany(words)).toBe(false);
  });
});

describe('a disk that is full', () => {
  test.each([
    ['ProFTPD', '552 Transfer aborted. Disk quota exceeded'],
    ['Pure-FTPd', '552 Quota exceeded: [INV_1.pdf] will not be saved'],
    ['Linux', '451 Failure writing to local file: No space left on device'],
    ['IIS', '550 There is not enough space on the disk.'],
    ['RFC 959', '552 Requested file action aborted. Exceeded storage allocation'],
    ['sftpgo', 'denying write due to space limit'],
    ['others', '452 Insufficient storage space in system'],
    ['others still', '452 Insufficient disk space'],
    ['who is short', '550 disk full'],
  ])('is told by %s', (_, words) => {
    expect(tellsNoSpace(words)).toBe(true);
  });

  test.each(['550 /in/space/left.pdf: Permission denied', '553 Could not create file.', 'Failure'])(
    'is not what "%s" means',
    (words) => {
      expect(tellsNoSpace(words)).toBe(false);
    },
  );
});
