/** Texts on which patterns go back and forth for minutes, as long as one likes; for the test and the bench of redaction. */
const repeated =
  (piece: string, before = '') =>
  (length: number): string =>
    before + piece.repeat(Math.ceil(length / piece.length)).slice(0, length - before.length);

/** Names of which none is like another. */
const distinct = (after: string) => (length: number) => {
  let text = '';
  for (let n = 0; text.length < length; n++) text += `n${n.toString(36)}${after}`;
  return text.slice(0, length);
};

const ANSWER = {
  code: '0',
  data: { orders: [{ order_number: '1', status: 'packed', address_shipping: { phone: 'x', city: 'y' } }] },
  request_id: '0ba2',
};

export const HOSTILE_TEXTS: Readonly<Record<string, (length: number) => string>> = {
  'one letter': repeated('x'),
  quotes: repeated('"'),
  backslashes: repeated('\\', '"password":"'),
  'escaped quotes': repeated('\\\\"', '\\"password\\":\\"'),
  names: repeated('password'),
  'names and separators': repeated('password='),
  'values that do not end': repeated('"password":"'),
  'values that end': repeated('"password":"x",'),
  'objects that do not end': repeated('"address":{'),
  'objects that end': repeated('"address":{"a":[1]},'),
  'subscripts that do not end': repeated('address['),
  'paths without an end': repeated('address.'),
  'elements that do not end': repeated('<password>'),
  'elements that end': repeated('<password>x</password>'),
  'tags that do not end': repeated('<password '),
  'addresses with passwords': repeated('a://b:c@d '),
  'the beginning of addresses': repeated('a://'),
  'a long host': repeated('a', 'a://'),
  mails: repeated('a@b.c '),
  'signs of mails': repeated('a@'),
  'web tokens': repeated(' eyJabcdefghij'),
  'signed in': repeated('Basic aaaaaaA1 '),
  'telephone numbers': repeated('+12345678 '),
  'blanks behind a value': repeated(' ', 'address=x'),
  'blanks behind a name': repeated(`token${' '.repeat(200)}`),
  'a list behind a value': repeated(', ', 'address='),
  'words behind a value': repeated('; a b ', 'address='),
  'a query behind a value': repeated('&a', 'address='),
  'cookies without an end': repeated('a=b; ', 'cookie: '),
  'keys that do not end': repeated('BEGIN PRIVATE KEY-----'),
  'names of which none is like another': distinct('_token:'),
  'names within names': distinct('phone '),
  'values elsewhere': repeated('"token",  '),
  'values before no name': repeated('"value":\'a'),
  'values before their names': repeated('"value":"x","name":"token",'),
  'values before many names': repeated('value=x name="a" '),
  'words of a sentence that goes on': repeated('address=no.'),
  'sentences and brackets': repeated('token=no.,:;[{'),
  'an answer of Lazada': repeated(`${JSON.stringify(ANSWER)},`),
  'an answer in an answer': repeated(JSON.stringify(JSON.stringify(JSON.stringify(ANSWER)))),
  'a page': repeated('<div class="x"><a href="http://a/b?c=d&amp;e=f">text</a></div>\n'),
};
