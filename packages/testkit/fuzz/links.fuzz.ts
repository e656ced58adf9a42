/** Addresses that pages point at: none leads to a host that is not allowed, or into our own network. */
import fc from 'fast-check';
import { allowedUrl } from '../../clients/src/download/allowed-hosts.ts';
import { isPublicAddress } from '../../clients/src/download/public-address.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

const PATTERNS = ['*.lazada.sg', '*lazada*.*.aliyuncs.com', 'documents.example.com', '10.0.0.5:8443'];
const ADDRESSES = [
  ...[
    'https://filebroker.lazada.sg/x.pdf',
    '//a.lazada.sg/x',
    'https://lzd-lazada-x.oss-ap.aliyuncs.com/a?b',
    'http://10.0.0.5:8443/',
  ],
  ...[
    'https://documents.example.com/',
    'https://lazada.sg@evil.test/',
    'https://evil.test/.lazada.sg',
    'https://0x7f.1/',
    'data:,x',
  ],
];
const PIECES = [
  ...[
    'https://',
    '//',
    '@',
    ':',
    '/',
    '\\',
    '?',
    '#',
    '.',
    '。',
    '．',
    '%2e',
    '%00',
    '\t',
    '\n',
    ' ',
    '*',
    'xn--',
    '\u00ad',
    '\u200b',
  ],
  ...[
    'lazada.sg',
    'evil.test',
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0177.0.0.1',
    '2130706433',
    '169.254.169.254',
    'ſ',
    'ⓛ',
  ],
];
const HOSTS =
  /^(?:(?:[a-z0-9-]+\.)+lazada\.sg|[a-z0-9-]*lazada[a-z0-9-]*\.[a-z0-9-]+\.aliyuncs\.com|documents\.example\.com|10\.0\.0\.5)$/;

export default defineFuzz<string>({
  known: [
    ...ADDRESSES,
    ...PIECES.map((piece) => `https://${piece.repeat(20_000)}.lazada.sg/`),
    `https://${'a.'.repeat(50_000)}lazada.sg/`,
    `https://${'lazada-'.repeat(50_000)}.x.aliyuncs.com/`,
    `https://${'lazada'.repeat(9)}${'lazada.'.repeat(5_000)}aliyuncs.co/`,
  ],
  inputs: fc.oneof(
    mutatedText(ADDRESSES, PIECES),
    fc.array(fc.constantFrom(...PIECES, ...ADDRESSES)).map((all) => all.join('')),
  ),
  holds(text) {
    const allowed = allowedUrl(text, PATTERNS);
    isPublicAddress(text);
    if (!allowed.ok)
      return promised(
        allowed.reason.length > 0 && allowed.reason.length < text.length * 10 + 200,
        'a reason of some words',
      );
    const { url, privately } = allowed;
    promised(HOSTS.test(url.hostname), `a host that is allowed, not ${url.hostname}`);
    promised(url.username === '' && url.password === '', 'nobody in it');
    promised(
      url.protocol === 'https:' || url.hostname === '10.0.0.5' || url.hostname === 'documents.example.com',
      'encrypted',
    );
    promised(!privately || url.host === '10.0.0.5:8443', 'our own network only where somebody named its port');
  },
});
