import { describe, expect, test } from '@jest/globals';
import { sameSource } from './same-source.ts';

type Source = string | { readonly bytes: Buffer; readonly declaredMime: string };
const sourceOf = (source: Source) =>
  typeof source === 'string' ? { bytes: Buffer.from(source), declaredMime: 'text/html' } : source;
const same = (one: Source, other: Source) => sameSource(sourceOf(one), sourceOf(other));
const pdf = (text: string) => ({ bytes: Buffer.from(`%PDF-1.7\n${text}`), declaredMime: 'application/pdf' });
const inCharset = (bytes: readonly number[], charset: string) => ({
  bytes: Buffer.concat([Buffer.from('<p>'), Buffer.from(bytes)]),
  declaredMime: `text/html; charset=${charset}`,
});
const page = (body: string, head = '') => `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;
const IMG = '<img src="https://img.lazada.sg/qr/1.png';

describe('the same invoice', () => {
  test.each<[string, Source, Source]>([
    ['byte for byte', '<p>1</p>', '<p>1</p>'],
    ['a PDF byte for byte, whatever it is declared as', pdf('1'), { ...pdf('1'), declaredMime: 'text/html' }],
    ['with other white space', '<p>Total  1\n</p>', '<p>\tTotal 1</p>'],
    ['with another script', page('1<script>token=1</script>'), page('1<script>token=2</script>')],
    ['with another style', page('1', '<style>p{color:red}</style>'), page('1', '<style>p{color:blue}</style>')],
    ['with another title and meta', page('1', '<title>a</title><meta name=t content=1>'), page('1')],
    ['with another comment', page('1<!-- served by 7 -->'), page('1<!-- served by <b>8 -->')],
    ['with other attributes', '<p class="a" data-id=1>1', '<p id=x>1'],
    ['signed anew in its pictures', page(`${IMG}?Expires=1&amp;Signature=a">`), page(`${IMG}?Expires=2&Signature=b">`)],
    [
      'signed anew in its backgrounds',
      page(`<p style="background:url('a.png?x=1')">1`),
      page('<p style="background:url(a.png?x=2)">1'),
    ],
    [
      'with another hidden field',
      page('1<input type=hidden name=csrf value=1>'),
      page('1<input type="HIDDEN" value=2>'),
    ],
    ['with other text that nobody sees', page('1<p hidden>a</p>2'), page('1<p hidden>b</p>2')],
    [
      'with other text that its style hides',
      page('<p style="DISPLAY : none">a</p>1'),
      page('<p style="display:none">b</p>1'),
    ],
    ['with another picture that nobody sees', page(`1<div hidden>${IMG}"></div>`), page('1<div hidden></div>')],
    ['with other words for browsers without script', page('1<noscript>a</noscript>'), page('1<noscript>b</noscript>')],
    ['with other entities for its letters', page('A&amp;B &#3586; &eacute;'), page('A&B &#xE02; é')],
    ['with words in other elements', page('<b>Tot</b>al 1'), page('<span>To<i>tal</i></span> 1')],
    [
      'with a tag left open',
      page('<table><tr hidden><td>a<tr><td>1</table>'),
      page('<table><tr hidden><td>b<tr><td>1</table>'),
    ],
    ['in another charset', inCharset([0xe3, 0xba], 'windows-874'), '<p>ใบ'],
  ])('%s', (_, one, other) => {
    expect([same(one, other), same(other, one)]).toEqual([true, true]);
  });
});

describe('another invoice', () => {
  test.each<[string, Source, Source]>([
    ['by a byte of a PDF', pdf('1'), pdf('2')],
    ['by being a PDF now', '<p>1</p>', pdf('1')],
    ['by a digit', page('<td>10.00</td>'), page('<td>10.01</td>')],
    ['by a case of letters', page('inv-1'), page('INV-1')],
    ['by the cell in which a number stands', page('<table><td>1<td>2</table>'), page('<table><td>12<td></table>')],
    ['by the order of its lines', page('<p>1<p>2'), page('<p>2<p>1')],
    ['by the path of a picture', page(`${IMG}">`), page('<img src="https://img.lazada.sg/qr/2.png">')],
    ['by the host of a picture', page(`${IMG}">`), page('<img src="https://img.lazada.my/qr/1.png">')],
    ['by a picture more', page(IMG), page(`${IMG}">${IMG}">`)],
    [
      'by a picture within it',
      page('<img src="data:image/png;base64,AAA=">'),
      page('<img src="data:image/png;base64,BBB=">'),
    ],
    ['by a drawn picture', page('<svg><image xlink:href="a.png"/></svg>'), page('<svg><image href="b.png"/></svg>')],
    [
      'by a picture of another size',
      page('<img srcset="a.png?1 1x, b.png 2x">'),
      page('<img srcset="a.png?2 1x, c.png 2x">'),
    ],
    ['by what stands in a field', page('<input value="10.00">'), page('<input value="10.01">')],
    ['by text that is no longer hidden', page('1<p hidden>a</p>'), page('1<p>a</p>')],
    ['by text behind one that is hidden', page('<p hidden>a<p>1'), page('<p hidden>a<p>2')],
    ['by text in a drawing', page('<svg><text>1</text></svg>'), page('<svg><text>2</text></svg>')],
    ['by a text that only looks like a tag', page('a &lt;b&gt; c'), page('a <b> c')],
  ])('%s', (_, one, other) => {
    expect([same(one, other), same(other, one)]).toEqual([false, false]);
  });
});

test.each([
  ['of open tags', '<b>'.repeat(1_000_000), '</i>'.repeat(1_200_000)],
  ['of elements', '<p>1</p>'.repeat(800_000), ''],
  ['of cells in a table', '<table><tr><td>1'.repeat(400_000), ''],
])('a page of eight megabytes %s is compared by its bytes alone, and keeps nobody waiting', (_, start, end) => {
  const endless = `<p>1</p>${start}${end}`;
  expect([same(endless, endless), same(endless, `${endless} `)]).toEqual([true, false]);
});
