import { describe, expect, test } from '@jest/globals';
import { LARGEST_HTML, LARGEST_PDF, sniff } from './sniff.ts';

type Bytes = string | Buffer;
const sniffed = (bytes: Bytes, declaredMime = 'text/html') => sniff({ bytes: Buffer.from(bytes), declaredMime });
/** `ใบ` in the charset of Thai Windows. */
const THAI = Buffer.from([0xe3, 0xba]);
const thaiPage = (head: string) => Buffer.concat([Buffer.from(`<html><head>${head}</head>`), THAI]);
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

describe('by its bytes', () => {
  test('a PDF is one, whatever it is declared as', () => {
    expect(sniffed('%PDF-1.7 …', 'text/html')).toEqual({ form: 'pdf' });
  });

  test.each<[string, Bytes, string]>([
    ['with a doctype', '<!DOCTYPE html><p>1', 'text/html'],
    ['declared as a PDF', '<html><p>1', 'application/pdf'],
    ['behind white space', '\r\n  <html>', 'text/html'],
    ['behind a byte order mark', '\ufeff<html>', 'text/html'],
    ['behind a comment', '<!-- made by hand --><p>1', 'text/html'],
    ['in XML', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">1</html>', 'text/html'],
    ['that begins with its text', 'Invoice <b>1</b>', 'text/html'],
    ['in UTF-16', utf16('<p>1'), 'text/html'],
  ])('a web page %s is one', (_, bytes, mime) => {
    expect(sniffed(bytes, mime)).toMatchObject({ form: 'html' });
  });

  test.each([
    ['nothing', '', /empty/],
    ['white space', ' \n', /empty/],
    ['an object in JSON', '{"code":"30012","message":"Jane"}', /JSON/],
    ['a list in JSON', '[]', /JSON/],
    ['plain text', 'invoice not available for Jane', /neither/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), /neither/],
    ['an archive', Buffer.from('PK\u0003\u0004\0\0'), /neither/],
    ['other XML', '<?xml version="1.0"?><error>Jane</error>', /neither/],
    ['a web page with a zero byte', '<html>\0', /neither/],
    ['a PDF behind other bytes', 'HTTP/1.1 200 OK\r\n\r\n%PDF-1.7', /neither/],
    ['a web page in a charset that it does not say', Buffer.concat([Buffer.from('<p>'), THAI]), /charset/],
    ['too large a web page', `<p>${'1'.repeat(LARGEST_HTML)}`, /too large/],
    ['too large a PDF', Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(LARGEST_PDF)]), /at most/],
  ])('%s is refused', (_, bytes: Bytes, reason) => {
    const answer = sniffed(bytes);
    expect(answer).toEqual({ form: 'other', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(answer)).not.toContain('Jane');
  });
});

describe('the charset of a page is', () => {
  test.each([
    ['what it is declared as', thaiPage(''), 'text/html; charset=TIS-620'],
    ['what it is declared as, in quotes', thaiPage(''), 'text/html;charset="windows-874"'],
    ['what its meta says', thaiPage('<meta charset="tis-620">'), 'text/html'],
    ['what its older meta says', thaiPage('<meta http-equiv="content-type" content="text/html; charset=tis-620">'), ''],
    ['not what a comment says', thaiPage('<!-- <meta charset="utf-8"> --><meta charset=tis-620>'), ''],
    [
      'what it is declared as before what its meta says',
      thaiPage('<meta charset=utf-8>'),
      'text/html; charset=tis-620',
    ],
    ['what its meta says where nobody knows the declared one', thaiPage('<meta charset=tis-620>'), 'x; charset=none'],
    ['UTF-8 where nothing is said', Buffer.from('<html>ใบ'), ''],
    ['UTF-8 where its own ASCII claims UTF-16', Buffer.from('<meta charset="utf-16">ใบ'), ''],
    ['what its byte order mark says before all', Buffer.from('\ufeff<html>ใบ'), 'text/html; charset=tis-620'],
    ['UTF-16 by its byte order mark', utf16('<html>ใบ'), ''],
  ])('%s', (_, bytes: Buffer, mime: string) => {
    expect(sniffed(bytes, mime)).toEqual({ form: 'html', markup: expect.stringContaining('ใบ') });
  });
});
