import { describe, expect, test } from '@jest/globals';
import { attachment, isKnown } from './file-answer.ts';

describe('the name under which a file is saved', () => {
  test.each([
    ['is the last part of its path', 'SG/2026/03/INV_SG_shop-1_77.pdf', 'filename="INV_SG_shop-1_77.pdf"'],
    ['with blanks as it is', 'a b.pdf', 'filename="a b.pdf"'],
    ['cannot end the quotes', 'a".exe', `filename="a_.exe"; filename*=UTF-8''a%22.exe`],
    [
      'cannot begin another header',
      'a\r\nSet-Cookie: x=1.pdf',
      `filename="a__Set-Cookie_ x=1.pdf"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1.pdf`,
    ],
    ['cannot leave the folder', '..\\..\\boot.ini', 'filename="boot.ini"'],
    [
      'in another script comes encoded beside it',
      'ใบ.pdf',
      `filename="__.pdf"; filename*=UTF-8''%E0%B9%83%E0%B8%9A.pdf`,
    ],
    ['that only looks encoded is taken as it is', '%41.pdf', `filename="_41.pdf"; filename*=UTF-8''%2541.pdf`],
    [
      'encodes what RFC 8187 does not let through',
      "é'(1)*.pdf",
      `filename="_'(1)_.pdf"; filename*=UTF-8''%C3%A9%27%281%29%2A.pdf`,
    ],
    ['with half a letter is still a name', 'a\u{D800}.pdf', `filename="a_.pdf"; filename*=UTF-8''a%EF%BF%BD.pdf`],
    ['is never empty', 'SG/', 'filename="file"'],
  ])('%s', (_, path, name) => expect(attachment(path)).toBe(`attachment; ${name}`));
});

describe('who has the file already', () => {
  test.each([
    ['nobody who says nothing', undefined, false],
    ['who has this one', '"abc"', true],
    ['who got it by way of something that changed its packing', 'W/"abc"', true],
    ['who has several', '"x", "abc"', true],
    ['who has any', '*', true],
    ['who has another', '"abcd"', false],
    ['who forgot the quotes', 'abc', false],
  ])('%s', (_, header, known) => expect(isKnown(header, '"abc"')).toBe(known));
});
