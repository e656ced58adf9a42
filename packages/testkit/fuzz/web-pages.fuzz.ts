/** Documents that are no PDF: what they are, in which letters, whether they are the same again, what their address leads to. */
import fc from 'fast-check';
import { isMasked } from '../../../services/renderer/src/page/masked.ts';
import { readPage } from '../../../services/renderer/src/page/page-facts.ts';
import { decodeHtml, htmlType } from '../../connectors/src/invoice-pdf/charset.ts';
import { pictureType } from '../../connectors/src/invoice-pdf/picture-type.ts';
import { sameSource } from '../../connectors/src/invoice-pdf/same-source.ts';
import { sniff } from '../../connectors/src/invoice-pdf/sniff.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutated } from './mutated.ts';
import { PAGE_TOKENS, PAGES } from './page-samples.ts';

type Input = { readonly bytes: Uint8Array; readonly declaredMime: string };
const MIMES = [
  ...['text/html', 'text/html; charset=utf-8', 'text/html;charset="windows-874"', 'text/html; charset=utf-16le', ''],
  ...['application/pdf', 'text/html; charset=', 'text/html; charset=__proto__', 'text/html;charset=x-user-defined'],
  ...[
    'text/html; charset=utf-7',
    'text/html; charset=replacement',
    'text/html; charset=iso-2022-jp',
    'image/png',
    '\0',
  ],
];
const html = (markup: string): Input => ({ bytes: Buffer.from(markup), declaredMime: 'text/html' });
const LONG = 500_000;

export default defineFuzz<Input>({
  known: [
    ...PAGES.flatMap((page) => MIMES.map((declaredMime) => ({ bytes: Buffer.from(page), declaredMime }))),
    // What is nested, repeated or never closed (https://github.com/whatwg/html/issues/3732).
    ...[
      '<div>',
      '<p><b><a>',
      '<table><tr><td>',
      '</p>',
      '<a href="',
      '<!--',
      '<![CDATA[',
      '&',
      '&#',
      '&#x110000;',
      '<',
      '< ',
    ].map((piece) => html(`<html>${piece.repeat(LONG / piece.length)}`)),
    html(`<html><body ${'style="a" '.repeat(20_000)}>x`),
    html(`<html><body style="${'url('.repeat(50_000)}">x`),
    html(`<html><img srcset="${', a 1x'.repeat(50_000)}">`),
    ...['*', '** ', '*a', 'Visa * ', '*** a ', '*.', '฿ *', '\n*'].map((piece) =>
      html(`<html>${piece.repeat(LONG / piece.length)}`),
    ),
    html(`<html><meta ${'charset '.repeat(120)}`),
    html(`<?xml ${' '.repeat(LONG)}`),
    { bytes: Buffer.from(`${'<!--'.repeat(256)}`), declaredMime: '' },
    { bytes: Buffer.from(`<svg${' '.repeat(1_000)}`), declaredMime: 'image/svg+xml' },
    { bytes: Buffer.from(' '.repeat(1_024)), declaredMime: ' ;'.repeat(20_000) },
  ],
  inputs: fc.record({
    bytes: fc.oneof(
      { weight: 9, arbitrary: mutated(PAGES, PAGE_TOKENS) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    ),
    declaredMime: fc.oneof(fc.constantFrom(...MIMES), fc.string()),
  }),
  holds({ bytes, declaredMime }) {
    const source = { bytes: Buffer.from(bytes), declaredMime };
    const text = decodeHtml(source.bytes, declaredMime);
    promised(
      /^text\/html(; charset=[a-z0-9-]+)?$/.test(htmlType(declaredMime)),
      `a type, not ${htmlType(declaredMime)}`,
    );
    promised(decodeHtml(source.bytes, htmlType(declaredMime)) === text, 'the same letters once it was kept');
    const sniffed = sniff(source);
    promised(['pdf', 'html', 'other'].includes(sniffed.form), 'one of the forms');
    if (sniffed.form === 'other') promised(sniffed.reason.length < 200, 'a reason of some words');
    const mime = pictureType(source.bytes);
    promised(mime === null || mime.startsWith('image/'), 'a picture or none');
    promised(sameSource(source, { bytes: Buffer.from(bytes), declaredMime }), 'a document is the same as itself');
    const spaced = { bytes: Buffer.concat([source.bytes, Buffer.from(' ')]), declaredMime };
    sameSource(source, spaced);
    isMasked(text);
    const reading = readPage({
      ...{ title: text.slice(0, 100), text, pictures: false, passwordField: false, asksToAct: true },
      ...{ missing: [], shown: [], refreshes: [text] },
    });
    promised(reading.is !== 'refused' || reading.reason.length < 200, 'a refusal of some words');
  },
});
