/** Elements of XML and HTML, as they are or escaped: `<password>…</password>`, `&lt;ns:Phone&gt;…`. */
import { lengthAt } from './notation.ts';

const OPENED = /(?:<|&lt;)(?:[\w-]{1,32}:)?$/;
/** To the end of the tag that opens: its attributes, none of which is long. */
const REST_OF_TAG = /(?:\s[^<>]{0,512}?)?(?:>|&gt;)/y;
const CLOSES = /(?:<|&lt;)\\?\//g;
const CLOSING_NAME = /(?:[\w-]{1,32}:)?([\w.-]{1,64})/y;

/** Where the content of the element of that name begins; -1 where the name is of none, or it is empty. */
export function contentOfElement(text: string, name: { start: number; end: number }): number {
  if (!OPENED.test(text.slice(Math.max(0, name.start - 40), name.start))) return -1;
  const length = lengthAt(REST_OF_TAG, text, name.end);
  const isEmpty = text[name.end + length - 2] === '/';
  return length === 0 || isEmpty ? -1 : name.end + length;
}

/** Where the tag stands that closes it; the text's end where it is cut. */
export function endOfElement(text: string, from: number, name: string): number {
  CLOSES.lastIndex = from;
  for (let tag = CLOSES.exec(text); tag !== null; tag = CLOSES.exec(text)) {
    CLOSING_NAME.lastIndex = CLOSES.lastIndex;
    const [, closed = ''] = CLOSING_NAME.exec(text) ?? [];
    if (closed.toLowerCase() === name.toLowerCase()) return tag.index;
  }
  return text.length;
}
