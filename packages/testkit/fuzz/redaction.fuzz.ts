/** What goes into logs, errors and events: no text keeps a secret that is known or named, and none takes long. */
import fc from 'fast-check';
import { excerptOf } from '../../clients/src/http/excerpt.ts';
import { printable, printableJson, redactText, redactValue, rememberSecrets } from '../../redact/src/index.ts';
import { deepList, deepObject, foreignJson } from './foreign-json.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

const SECRET = 'hush-8f3a91"/+\\hush';
const TEXTS = [
  `{"access_token":"x","data":{"address_shipping":{"phone":"+6591234567"}},"said":${JSON.stringify(SECRET)}}`,
  `GET /x?sign=a&password=${encodeURIComponent(SECRET)} Authorization: Bearer ${'a'.repeat(40)} Cookie: a=b; c=d`,
  `<div title="${SECRET.replaceAll('"', '&quot;')}"><password>x</password> mail a@example.com, postgres://u:p@h/db</div>`,
  JSON.stringify({ body: JSON.stringify({ password: SECRET, list: ['a', { token: 'b' }] }) }),
];
const PIECES = [
  ...[
    '"',
    "'",
    '\\',
    '\\"',
    ':',
    '=',
    ',',
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    '&quot;',
    '%22',
    '\\u0022',
    '/',
    '@',
    ' ',
    '\n',
  ],
  ...[
    'password',
    'token',
    'phone',
    'address',
    'cookie',
    'sign',
    'Basic ',
    'eyJ',
    'BEGIN PRIVATE KEY',
    'a://',
    '+65',
    SECRET,
  ],
];
/** As long as an answer's excerpt is looked at. */
const LONG = 8_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what may not be left
const STEERING = /[\u0000-\u0008\u001b\u202e]/;

rememberSecrets([SECRET]);

export default defineFuzz<string>({
  known: [
    ...TEXTS,
    ...[deepList, deepObject, JSON.stringify(deepObject)],
    ...PIECES.map((piece) => piece.repeat(200_000 / piece.length)),
    ...PIECES.flatMap((one) => PIECES.map((other) => (one + other).repeat(LONG / (one.length + other.length)))),
  ],
  inputs: fc.oneof(
    mutatedText(TEXTS, PIECES),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((all) => all.join('')),
    foreignJson([JSON.stringify({ a: { password: 'x', items: [{ phone: 1, name: 'y' }] } })]),
  ),
  holds(text) {
    const shown = redactText(text, { foreign: true });
    promised(!shown.includes(SECRET), `no secret in ${shown.slice(0, 500)}`);
    promised(!STEERING.test(shown), 'nothing that steers a terminal');
    promised(excerptOf(text, [SECRET]).length <= 500, 'an excerpt of 500 characters');
    promised(!STEERING.test(printable(text) + printableJson(text)), 'nothing that steers a terminal');
    const value = valueIn(text);
    promised(!JSON.stringify(redactValue({ value, error: new Error(text) })).includes(SECRET), 'no secret in a value');
  },
});

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [text];
  }
}
