/**
 * Whether Lazada has sent the same invoice again. The one place that says so: of PDFs the bytes, of web pages what a reader
 * sees of them, which is their text and the addresses of their pictures. Addresses without their query, since it holds
 * signatures that are new each time; so a page may differ in every byte and be the same invoice.
 *
 * Read as a stream and not as a tree: foreign pages of many open tags make trees that take minutes
 * (https://github.com/whatwg/html/issues/3732).
 */
import type { InvoiceSource } from '@lazada-sof/orders';
import { Parser } from 'htmlparser2';
import { sniff } from './sniff.ts';

export function sameSource(one: InvoiceSource, other: InvoiceSource): boolean {
  if (one.bytes.equals(other.bytes)) return true;
  const [page, otherPage] = [sniff(one), sniff(other)];
  if (page.form !== 'html' || otherPage.form !== 'html') return false;
  const [seen, otherSeen] = [seenOn(page.markup), seenOn(otherPage.markup)];
  return seen !== null && otherSeen !== null && seen === otherSeen;
}

/** Nobody reads what stands in these; the page is printed without script and network. */
const UNSEEN: ReadonlySet<string> = new Set([
  ...['head', 'title', 'script', 'style', 'template', 'noscript', 'noembed', 'noframes'],
  ...['iframe', 'object', 'datalist'],
]);
/** Within a line: they tear no word apart. */
const INLINE: ReadonlySet<string> = new Set([
  ...['a', 'abbr', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'del', 'em', 'font', 'i', 'ins', 'kbd', 'label', 'mark'],
  ...['q', 's', 'samp', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'time', 'tspan', 'tt', 'u', 'var', 'wbr'],
]);
/** A browser nests no deeper. */
const DEEPEST = 512;
/** A hundred items make some thousands. */
const MOST_ELEMENTS = 100_000;

/** Text and pictures in the order in which they stand; null: deeper or longer than any invoice, and not worth the time. */
function seenOn(markup: string): string | null {
  const seen: string[] = [];
  /** Of each open element, whether what stands in it is seen. */
  const open: boolean[] = [];
  let elements = 0;
  let isTooMuch = false;
  const isSeen = () => open.at(-1) ?? true;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        elements += 1;
        if (open.length >= DEEPEST || elements > MOST_ELEMENTS) {
          isTooMuch = true;
          parser.reset();
          return;
        }
        open.push(isSeen() && !UNSEEN.has(name) && !isHidden(attributes));
        if (!INLINE.has(name)) seen.push(' ');
        // Joined: one attribute may name more pictures than a call takes arguments.
        if (isSeen()) seen.push(picturesOf(name, attributes).join(''), fieldOf(name, attributes));
      },
      ontext(text) {
        if (isSeen()) seen.push(text);
      },
      onclosetag(name) {
        open.pop();
        if (!INLINE.has(name)) seen.push(' ');
      },
    },
    { decodeEntities: true },
  );
  parser.end(markup);
  return isTooMuch ? null : seen.join('').replaceAll(/\s+/g, ' ').trim();
}

type Attributes = Readonly<Record<string, string>>;

const isHidden = ({ hidden, style = '' }: Attributes): boolean =>
  hidden !== undefined || /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style);

/** What stands in a field is drawn as text. */
const fieldOf = (name: string, { type = 'text', value = '' }: Attributes): string =>
  name === 'input' && !['hidden', 'password', 'image'].includes(type.toLowerCase()) ? ` ${value} ` : '';

const SOURCES: Readonly<Record<string, readonly string[]>> = {
  img: ['src', 'srcset'],
  source: ['srcset'],
  input: ['src'],
  video: ['poster'],
  image: ['href', 'xlink:href'],
};

function picturesOf(name: string, attributes: Attributes): string[] {
  const named = (SOURCES[name] ?? []).flatMap((source) => addressesIn(source, attributes[source]));
  const styled = [...(attributes.style ?? '').matchAll(/url\(\s*["']?([^"')]*)/gi)].map(([, address = '']) => address);
  const behind = attributes.background === undefined ? [] : [attributes.background];
  return [...named, ...styled, ...behind].map((address) => ` [${withoutQuery(address.trim())}] `);
}

const addressesIn = (attribute: string, written: string | undefined): string[] => {
  if (written === undefined) return [];
  return attribute === 'srcset' ? written.split(/,\s+/).map((one) => one.trim().split(/\s+/, 1)[0] ?? '') : [written];
};

/** One that is the picture itself has none. */
const withoutQuery = (address: string): string =>
  /^data:/i.test(address) ? address : (address.split('?', 1)[0] ?? address);
