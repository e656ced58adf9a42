/** Which names stand before something that is nobody's business, in whatever spelling: `sofPassword`, `client_secret`, `refresh-token`. */

/** `header`: its value is the rest of the line. `holder`: an object of that name holds somebody's data, a plain value does not. */
export type NameKind = 'secret' | 'header' | 'buyer' | 'holder';

const KEYS = '(?:api|access|secret|private|encryption|signing|master|auth|session)key';
const SECRET = new RegExp(
  `(?:pass(?:word|wd|phrase|code)|pwd|secret|token|jwt|${KEYS}|credential|signature|authori[sz]ation|cookie|codeverifier|sessionid|csrf)s?(?:hash|value|plain)?$|^(?:sign|session|pass|auth)$`,
);
/** The last word of `x_sign`, `requestSign`; not of `assign`. */
const SIGN = /(?:[^a-zA-Z]sign|[a-z]Sign)$/;
/** Codes of errors are named after what was wrong, and a page's token opens nothing. */
const NO_SECRET =
  /^(?:illegal|invalid|incomplete|missing|expired|incorrect|wrong|unknown|unexpected)|(?:page|next|cursor|continuation)tokens?$/;
const HEADER = /^(?:(?:proxy|http|x)?authori[sz]ation|(?:set|http)?cookies?)$/;

const PERSON = '(?:customer|buyer|recipient|receiver|consignee)';
const PARTY = `(?:${PERSON}|billing|shipping|delivery|contact|shipto|billto)`;
const MORE =
  '(?:s|no|number|name|code|line|shipping|billing|delivery|home|work|main|country|city|district|ward|zip|address|[0-9])';
const BUYER = new RegExp(
  [
    // Not whatever holds one of these: a shop may be called phone-world.
    `(?:phone|mobile|email|(?:first|last|full|middle|given|family)name|surname|street|post(?:al)?code|zipcode|taxcode|nationalregistration|addr(?:ess)?)${MORE}*$`,
    `^(?:${PERSON}|signedby|city|ward|zip|hp|tel(?:no|number)?|toname|(?:ship|bill|deliver)to)$`,
    '(?:contact|(?<!ware)house)(?:no|number)$',
    `${PARTY}(?:name|city|zip|ward|district)$`,
  ].join('|'),
);
/** Addresses of machines. */
const NETWORK =
  /(?:^|[-_.])(?:ip|mac|remote|peer|server|host|listen|bind|local|web|url|callback|redirect|client|proxy|socket)[-_ ]?addr(?:ess)?/i;
const HOLDER = /^(?:billing|shipping|contact|person|proofofdelivery)$/;

/** Every line of a log names the same few fields. */
const judged = new Map<string, NameKind | null>();
const MOST_JUDGED = 1_000;

/** What a field, a parameter, a header of that name holds; null: nothing that is to be hidden. */
export function nameKind(name: string): NameKind | null {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const kind = SUBSCRIPT.test(name) ? kindOfPath(name) : kindOfWord(name);
  if (judged.size < MOST_JUDGED) judged.set(name, kind);
  return kind;
}

/** True for a field whose value is nobody's business. */
export function isConfidential(field: string): boolean {
  const kind = nameKind(field);
  return kind !== null && kind !== 'holder';
}

const SUBSCRIPT = /[.[]|%5B/i;

/** `recipient.name`, `address[street]`: what lies within somebody's data is somebody's data. */
function kindOfPath(path: string): NameKind | null {
  const kinds = path
    .split(/(?:[.[\]]|%5[BD])+/i)
    .filter(Boolean)
    .map(kindOfWord);
  const last = kinds.at(-1) ?? null;
  if (last !== null && last !== 'holder') return last;
  return kinds.find((kind) => kind === 'buyer' || kind === 'secret') ?? (kinds.includes('holder') ? 'buyer' : null);
}

function kindOfWord(word: string): NameKind | null {
  const flat = word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (HEADER.test(flat)) return 'header';
  if (SECRET.test(flat) || SIGN.test(word)) return NO_SECRET.test(flat) ? null : 'secret';
  if (BUYER.test(flat)) return NETWORK.test(word) ? null : 'buyer';
  return HOLDER.test(flat) ? 'holder' : null;
}
