import { describe, expect, test } from '@jest/globals';
import { tellsNoSpace } from './server-words.ts';

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
