/** Which letters a page can be printed in, whatever fonts the machine has: seen by reading the PDF back. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readBack } from '@lazada-sof/testkit';
import { type Checker, openChecker } from '../check/checker.ts';
import { type PagePrinter, pagePrinter } from './page-printer.ts';

let checker: Checker;
let printer: PagePrinter;
beforeAll(() => {
  checker = openChecker();
  printer = pagePrinter({ checker });
});
afterAll(() => Promise.all([printer.close(), checker.close()]));

const refused = (reason: string) => ({ is: 'refused', code: 'render_failed', reason });

describe('an invoice is printed with all of its letters', () => {
  test.each([
    ['in simplified Chinese', '发票 税务登记号 深圳市', '发票 税务登记号 深圳市'],
    ['in traditional Chinese', '發票 臺灣 統一編號', '發票 臺灣 統一編號'],
    ['in Japanese', '領収書 ありがとうございます カタカナ', '領収書 ありがとうございます カタカナ'],
    ['in Korean', '세금계산서 감사합니다', '세금계산서 감사합니다'],
    ['in Lao', 'ໃບເກັບເງິນ', 'ໃບເກັບເງິນ'],
    ['in Cyrillic and Greek', 'Счёт Τιμολόγιο', 'Счёт Τιμολόγιο'],
    // Letters that stand one within the other have shapes of their own, which have no number to be read back by.
    ['in Tamil', 'விலைப்பட்டியல்', /ட்டிய/],
    ['in Khmer', 'វិក្កយបត្រ', /យប/],
    ['in Burmese', 'ငွေတောင်းခံလွှာ', /တာင်းခံ/],
    ['in Arabic', 'فاتورة ضريبية', /[\ufe70-\ufeff]/],
    ['in Devanagari', 'चालान', /चालान/],
    ['with signs of sellers', '★【新品】① ☎ ✓ → ℃ № ™ ½ 🔥 ✅ 📦', /★【新品】①.*☎.*✓.*→.*🔥.*✅.*📦/],
  ])('%s', async (_, words, read) => {
    const printed = await printer.print(`<p>1 ${words}</p><p><b>2 ${words}</b></p>`);
    expect(printed.is).toBe('pdf');
    const { text, fonts } = await readBack((printed as { pdf: Buffer }).pdf);
    if (typeof read === 'string') expect(text).toBe(`1 ${read} 2 ${read}`);
    else expect(text).toMatch(read);
    expect(fonts.filter(({ embedded }) => !embedded)).toEqual([]);
  });

  test.each([
    ['nothing between letters', 'a\u200bb a\u200cb a\u200db a\u00adb a\u2060b a\ufeffb'],
    ['turns of direction', '\u200ea\u200f \u202aa\u202c \u2066a\u2069'],
    ['ends of lines and paragraphs', 'a\u2028b\u2029c\u0085d'],
    ['controls', 'a&#1;b&#11;c&#31;d\u007fe'],
    ['signs that vary another', '☎\ufe0e ❤\ufe0f 葛\u{e0100}'],
    ['wide and narrow spaces', 'a\u00a0b\u2003c\u3000d\u202fe'],
  ])('and with what draws nothing: %s', async (_, words) => {
    expect(await printer.print(`<p>1 ${words}</p>`)).toMatchObject({ is: 'pdf' });
  });
});

describe('an invoice with a letter that no font has is refused, and the letter is named', () => {
  test.each([
    ['on the page', '<p>Invoice 1 of \u{12000}</p>', 'U+12000 (\u{12000})'],
    [
      'each once, in the order of their numbers',
      '<p>1 \u{12001}\u{12000}\u{12001}</p>',
      'U+12000 (\u{12000}), U+12001 (\u{12001})',
    ],
    ['of private use, which somebody may read as a letter', '<p>1 \ue123</p>', 'U+E123 (\ue123)'],
    ['a mark on another', '<p>1 q\u{10a0f}</p>', 'U+0071 U+10A0F (q\u{10a0f})'],
    ['before an element, by its style', '<style>p::before{content:"\\12000"}</style><p>1</p>', 'U+12000 (\u{12000})'],
    ['in a field', '<p>1</p><input value="\u{12000}">', 'U+12000 (\u{12000})'],
    ['in a drawing', '<p>1</p><svg><text y="20">\u{12000}</text></svg>', 'U+12000 (\u{12000})'],
    ['beside its look-alikes', '<p>U+0041.: 1 \u{12000}</p>', 'U+12000 (\u{12000})'],
  ])('%s', async (_, markup, named) => {
    expect(await printer.print(markup)).toEqual(refused(`letters that no font has: ${named}`));
  });

  test('where it stands in a picture that came along, without a name', async () => {
    const svg = encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg"><text y="20">\u{12000}</text></svg>');
    const printed = await printer.print(`<p>1</p><img width="50" height="50" src="data:image/svg+xml,${svg}">`);
    expect(printed).toEqual(refused('letters that no font has'));
  });

  test('but not where the page hides it', async () => {
    const printed = await printer.print('<p>Invoice 1</p><p style="display:none">\u{12000}</p>');
    expect(printed).toMatchObject({ is: 'pdf' });
  });

  test('and the next invoice is printed', async () => {
    expect(await printer.print('<p>Invoice 1</p>')).toMatchObject({ is: 'pdf' });
  });
});
