import { describe, expect, test } from '@jest/globals';
import { REDACTED } from './redacted.ts';
import { redactText } from './text.ts';

const SECRET = 'cAnary-8f3a91';
const BUYER = 'Trần Thị สมหญิง';
const json = JSON.stringify;

/** Each holds the secret under a name, in a way in which somebody writes such things; `kept` may not be lost. */
const SECRETS: readonly (readonly [how: string, written: string, kept?: string])[] = [
  ['JSON', `{"access_token":"${SECRET}","code":"0"}`, '"code":"0"'],
  ['JSON with blanks', `{ "refresh_token" : "${SECRET}" }`],
  ['camel case', `{"sofPassword":"${SECRET}","x":1}`, '"x":1'],
  ['a name of two words', `{"client_secret":"${SECRET}"}`],
  ['dashes', `{"refresh-token":"${SECRET}"}`],
  ['an escaped quote in the value', `{"password":"x\\"${SECRET}","x":1}`, '"x":1'],
  ['an escaped backslash at the end of the value', `{"password":"${SECRET}\\\\","x":1}`, '"x":1'],
  ['JSON in JSON', json(json({ password: SECRET, order: '1' })), '\\"order\\":\\"1\\"'],
  ['JSON in JSON in JSON', json(json({ a: json({ password: `a"${SECRET}` }), order: 1 })), '\\"order\\":1'],
  ['single quotes', `{'password': '${SECRET}', 'order': 1}`, "'order': 1"],
  ['an object as Node shows it', `{ token: '${SECRET}', order: 1 }`, 'order: 1'],
  ['HTML-escaped JSON', `{&quot;app_secret&quot;:&quot;${SECRET}&quot;,&quot;order&quot;:1}`, '&quot;order&quot;:1'],
  ['the same by numbers', `{&#34;app_secret&#34;:&#34;${SECRET}&#34;,&#34;order&#34;:1}`, '&#34;order&#34;:1'],
  ['JSON escaped twice by HTML', `&amp;quot;token&amp;quot;:&amp;quot;${SECRET}&amp;quot;`],
  ['JSON in an address', `%22password%22%3A%22${SECRET}%22%2C%22order%22%3A1`, '%22order%22%3A1'],
  ['JSON with escapes for quotes', `\\u0022password\\u0022:\\u0022${SECRET}\\u0022, order 1`, 'order 1'],
  ['single quotes in JSON', json(`{'password':'a\\'${SECRET}','order':1}`), "'order':1"],
  [
    'HTML-escaped JSON in JSON',
    json(`{&quot;token&quot;:&quot;a\\&quot;${SECRET}&quot;,&quot;order&quot;:1}`),
    '&quot;order&quot;:1',
  ],
  ['a name and a colon', `password: ${SECRET}, order: 1`, 'order: 1'],
  ['a name and an equals sign', `token=${SECRET} order=1`, 'order=1'],
  ['an arrow', `client_secret => ${SECRET}, order => 1`, 'order => 1'],
  ['quotes after an equals sign', `password="${SECRET} ${SECRET}" order=1`, 'order=1'],
  ['a query', `GET /orders/get?app_key=1&sign=${SECRET}&x=1`, 'app_key=1'],
  ['a query in HTML', `?a=1&amp;access_token=${SECRET}&amp;order=1`, 'order=1'],
  ['the code of a consent', `GET /callback?code=${SECRET}&order=1`, 'order=1'],
  ['an array as PHP shows it', `[password] => ${SECRET}\n[order] => 1`, '[order] => 1'],
  ['a list of pairs', `{token=${SECRET},error_code=700023}`, 'error_code=700023'],
  ['fields named beside their values', `{"name":"password","value":"${SECRET}"},{"order":1}`, '{"order":1}'],
  ['fields named behind their values', `{"value":"${SECRET}","name":"password"},{"order":1}`, '{"order":1}'],
  ['the same with one between', `{"value":"${SECRET}","type":"text","key":"token"},{"order":1}`, '{"order":1}'],
  ['the same in JSON', json(`{"value":"a\\"${SECRET}","name":"pwd"},{"order":1}`), '{\\"order\\":1}'],
  ['a field of a form that is named last', `<input value="${SECRET}" name="password"> order 1`, 'order 1'],
  ['a word of a sentence that goes on', `login failed, password: ok.${SECRET}`, 'login failed'],
  ['the same behind another sign', `password=no$${SECRET}`],
  ['a word that goes on behind a bracket', `{password=ok}${SECRET}`],
  ['a word that goes on behind an apostrophe', `password: no'${SECRET}`],
  ['a field of a form', `<input name="password" value="${SECRET}"> order 1`, 'order 1'],
  ['a field of a list of fields', `login[password]=${SECRET}&order=1`, 'order=1'],
  ['an element', `<password>${SECRET}</password><order>1</order>`, '<order>1</order>'],
  ['an element of a namespace', `<a:Token x="1">${SECRET}</a:Token><order>1</order>`, '<order>1</order>'],
  ['an escaped element', `&lt;token&gt;${SECRET}&lt;/token&gt; order 1`, 'order 1'],
  ['an element that is cut', `<secret>${SECRET}`],
  ['a value that is cut', `{"order":1,"refresh_token":"${SECRET}`, '"order":1'],
  ['a value of several lines', `"password":"a\n${SECRET}\nb", "order":1`, '"order":1'],
  ['a value on the next line', `password:\n  ${SECRET}\norder 1`, 'order 1'],
  ['an object', `{"token":{"value":"${SECRET}"},"order":1}`, '"order":1'],
  ['a list', `{"passwords":["x","${SECRET}"],"order":1}`, '"order":1'],
  ['an authorization', `Authorization: JWT ${SECRET}\norder 1`, 'Authorization: JWT'],
  ['an authorization in JSON', `{"authorization":"Bearer ${SECRET}","order":1}`, '"authorization":"Bearer '],
  ['an authorization without its name', `sent Bearer ${SECRET} for order 1`, 'for order 1'],
  ['a cookie', `Cookie: a=b; sid=${SECRET}; c=d\norder: 1`, 'order: 1'],
  ['a cookie that is set', `set-cookie: sof=${SECRET}; Path=/; HttpOnly\norder: 1`, 'order: 1'],
  ['a key in a header', `dhl-api-key: ${SECRET}`],
  ['a key in words', `API key: ${SECRET}`],
  ['a signature of its own', `x-sign: ${SECRET}`],
  ['the password of an address', `cannot reach postgresql://app:${SECRET}@db:5432/x`, '@db:5432/x'],
  ['a password with an @', `sftp://app:a@${SECRET}@h/x`, '@h/x'],
  ['the password of an address without user', `redis://:${SECRET}@cache`, '@cache'],
  ['a token in the place of a user', `https://${SECRET}${SECRET}@host/x`, '@host/x'],
  ['a private key', `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\norder 1`, 'order 1'],
  ['a web token', `got eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.${SECRET} for order 1`, 'for order 1'],
];

const BUYERS: readonly (readonly [how: string, written: string, kept?: string])[] = [
  ['a name', `{"customer_first_name":"${BUYER}","order_number":"12"}`, '"order_number":"12"'],
  ['a name, in words', `Buyer name = ${BUYER}; order=12`, 'order=12'],
  ['a name with an apostrophe', `customer_name: O'${BUYER}\norder 12`, 'order 12'],
  ['a name with another in quotes', `customer_name: Lee "${BUYER}" Lee\norder 12`, 'order 12'],
  ['the same in JSON', json(`customer_name: Lee "${BUYER}" Lee\norder 12`), 'order 12'],
  ['a name that ships', `shipping_name=${BUYER}&order=12`, 'order=12'],
  ['an address', `{"address_shipping":"${BUYER}, #05-01"}`],
  ['an address in words', `address: 12 ${BUYER} Road, Hà Nội, order_number: 12`, 'order_number: 12'],
  ['an address as an object', `{"address":{"street":"${BUYER}","no":[{"x":"}"}]},"order":12}`, '"order":12'],
  ['the same in JSON in JSON', json(json({ address: { street: BUYER }, order: 12 })), '\\"order\\":12'],
  ['whom a parcel goes to', `{"recipient":{"name":"${BUYER}"},"order":12}`, '"order":12'],
  ['a part of it', `recipient.name=${BUYER} order=12`, 'order=12'],
  ['a part of an address', `address.street: ${BUYER}\norder 12`, 'order 12'],
  ['a part in a form', `recipient[name]=${BUYER}&order=12`, 'order=12'],
  ['the same, encoded', `recipient%5Bname%5D=${BUYER}&order=12`, 'order=12'],
  ['an object that ships', `{"shipping":{"name":"${BUYER}"},"order":12}`, '"order":12'],
  ['lines in JSON', json(`order: 12\nrecipient: ${json([{ name: BUYER }])}`), 'order: 12'],
  ['an element', `<Recipient><Name>${BUYER}</Name></Recipient><order>12</order>`, '<order>12</order>'],
  ['who signed', `{"signedBy":"${BUYER}"}`],
  ['a telephone number', `{"phone":${BUYER},"order_number":"12"}`, '"order_number":"12"'],
  ['a name of several words', `{"Phone Number":"${BUYER}","Address line 1":"${BUYER}","order":12}`, '"order":12'],
  ['a number named behind it', `{"value":${BUYER.replaceAll(' ', '')},"name":"phone"},{"order":12}`, '{"order":12}'],
  ['a short address', `{"addr":"${BUYER}","house_no":"${BUYER}","order":12}`, '"order":12'],
  ['short names', `{"hp":"${BUYER}","tel_no":"${BUYER}","to_name":"${BUYER}","ward":"${BUYER}","order":12}`],
  ['a contact', `contactNumber=${BUYER}&order=12`, 'order=12'],
  ['whom it is shipped to', `{"shipTo":{"name":"${BUYER}"},"order":12}`, '"order":12'],
  ['lines of YAML', `address:\n  street: ${BUYER}\n  city: ${BUYER}\norder: 12`, 'order: 12'],
  ['a telephone number in words', `phone number: ${BUYER}`],
  ['a value that is cut', `{"order":12,"address_billing":"${BUYER}`, '"order":12'],
];

describe('a secret is hidden, and what stands beside it stays', () => {
  test.each(SECRETS)('%s', (_, written, kept = '') => {
    const shown = redactText(written);
    expect(shown).not.toMatch(/canary|8f3a91/i);
    expect(shown).toContain(REDACTED);
    expect(shown).toContain(kept);
  });
});

describe("a buyer's data are hidden, and what stands beside them stays", () => {
  test.each(BUYERS)('%s', (_, written, kept = '') => {
    const shown = redactText(written);
    for (const part of BUYER.split(' ')) expect(shown).not.toContain(part);
    expect(shown).toContain(kept);
  });
});

describe('what support needs stays', () => {
  test.each([
    'account shop-7, order 123: GET https://api.lazada.sg/rest/order/items/get?order_id=123 answered 503',
    'IllegalAccessToken: The specified access token is invalid or expired',
    '{"code":"IllegalAccessToken","type":"ISP","message":"The specified access token is invalid","request_id":"0ba2"}',
    "tracking number X1 doesn't exist",
    'token expired',
    'token: expired',
    'password: is required',
    "password: doesn't match, and the token: expired.",
    '{"message":"password: is required.","token":null}',
    '[{"token":null},{"order":1}]',
    'token=null,error_code=1',
    '{"value":"SG","name":"country"},{"value":"1","name":"order_number"}',
    '{"value":"SG"},{"password":null}',
    'remote_addr=10.0.0.1 warehouse_no=7',
    'Basic authentication failed',
    '{"phone":["This field is required."]}',
    '{"error_code":"700023","order_number":"123456789","package_id":"FP1","tracking_number":"SOF-1"}',
    'GET /orders/get?app_key=123&timestamp=1700000000000&sign_method=sha256',
    'remoteAddress=10.0.0.1 port=8080',
    'the address of order 123 was signed for, the design of its session is new',
    'at 2026-01-01T00:00:00+08:00 and 1+12345678',
    'accessTokenExpiresAt=2026-01-01T00:00:00Z',
    'https://seller@host/base, sftp://seller@host:22/base',
    '<order><token/><number>1</number></order>',
    'no such login shop-7',
    'account phone-world: another link was made, order 12 waits',
  ])('%s', (written) => expect(redactText(written, { foreign: true })).toBe(written));
});

describe('words of others are looked at for what ours hold for other reasons', () => {
  test.each([
    ['an e-mail address', 'mail s3cr3t@example.com now', 'mail [redacted] now'],
    ['a telephone number', 'call +65 9123 4567 now', 'call [redacted] now'],
  ])('%s', (_, written, shown) => {
    expect(redactText(written)).toBe(written);
    expect(redactText(written, { foreign: true })).toBe(shown);
  });
});

test('a name that control characters tear apart is a name all the same', () => {
  expect(redactText(`pass\u0000word: ${SECRET}`)).toBe('password: [redacted]');
});
