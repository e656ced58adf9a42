/**
 * Finds thousands of secrets in a text by looking at each character once: a hash of the last few characters slides along, and
 * only where some spelling of a secret ends like that the text is compared. Spellings that end alike are told apart by their
 * lengths, so the time does not grow with how many there are.
 */
import { REDACTED } from '../redacted.ts';
import { inBase64, SHORTEST_SECRET, spellingsOf } from './spellings.ts';

const WINDOW = SHORTEST_SECRET;
const FACTOR = 31;
/** What the character that leaves the window weighs. */
const LEAVING = FACTOR ** WINDOW;
const BITS = 18;

type Span = { readonly from: number; to: number };

export class SecretIndex {
  /** With whether it counts within a longer word too. */
  readonly #spellings = new Map<string, boolean>();
  /** By the hash of their ends: how long they are, the longest first. */
  readonly #lengths = new Map<number, number[]>();
  readonly #ends = new Uint8Array(1 << (BITS - 3));

  add(secret: string): void {
    for (const spelling of spellingsOf(secret)) this.#add(spelling, spelling.length >= LONG_ENOUGH);
    for (const fragment of inBase64(secret)) this.#add(fragment, true);
  }

  #add(spelling: string, withinWords: boolean): void {
    this.#spellings.set(spelling, withinWords || this.#spellings.get(spelling) === true);
    const hash = hashAt(spelling, spelling.length - WINDOW);
    this.#mark(hash);
    const lengths = this.#lengths.get(hash) ?? [];
    if (lengths.includes(spelling.length)) return;
    this.#lengths.set(
      hash,
      [...lengths, spelling.length].sort((a, b) => b - a),
    );
  }

  mask(text: string): string {
    if (this.#spellings.size === 0 || text.length < WINDOW) return text;
    const spans = this.#find(text);
    if (spans.length === 0) return text;
    const pieces = spans.map(({ from }, n) => text.slice(spans[n - 1]?.to ?? 0, from));
    return [...pieces, text.slice(spans.at(-1)?.to)].join(REDACTED);
  }

  #find(text: string): Span[] {
    const spans: Span[] = [];
    let hash = 0;
    for (let at = 0; at < text.length; at++) {
      hash = (Math.imul(hash, FACTOR) + text.charCodeAt(at)) | 0;
      if (at >= WINDOW) hash = (hash - Math.imul(text.charCodeAt(at - WINDOW), LEAVING)) | 0;
      if (at < WINDOW - 1 || !this.#isMarked(hash)) continue;
      const from = this.#startOf(text, at + 1, hash);
      if (from >= 0) addSpan(spans, from, at + 1);
    }
    return spans;
  }

  /** Where the longest spelling begins that ends there; -1 where none does. */
  #startOf(text: string, end: number, hash: number): number {
    for (const length of this.#lengths.get(hash) ?? []) {
      const from = end - length;
      const withinWords = from < 0 ? undefined : this.#spellings.get(text.slice(from, end));
      if (withinWords === true || (withinWords === false && standsAlone(text, from, end))) return from;
    }
    return -1;
  }

  #mark(hash: number): void {
    const bit = bitOf(hash);
    this.#ends[bit >> 3] = (this.#ends[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  #isMarked(hash: number): boolean {
    const bit = bitOf(hash);
    return ((this.#ends[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}

/** A secret of a few characters is none within a longer word: `123456` within the number of an order. */
const LONG_ENOUGH = 10;

const standsAlone = (text: string, from: number, end: number): boolean =>
  BEFORE_WORD.test(text.slice(Math.max(0, from - 3), from)) && !/[A-Za-z0-9]/.test(text[end] ?? '');
/** An escape of an address or of JSON ends with a letter too. */
const BEFORE_WORD = /(?:^|[^A-Za-z0-9]|%[\dA-Fa-f]{2}|\\[nrt])$/;

function addSpan(spans: Span[], from: number, to: number): void {
  const last = spans.at(-1);
  if (last === undefined || from >= last.to) {
    spans.push({ from, to });
    return;
  }
  // It lies over the ones before.
  while (spans.length > 1 && from < (spans.at(-2)?.to ?? 0)) spans.pop();
  const over = spans.pop();
  spans.push({ from: Math.min(from, over?.from ?? from), to });
}

function hashAt(text: string, from: number): number {
  let hash = 0;
  for (let at = from; at < from + WINDOW; at++) hash = (Math.imul(hash, FACTOR) + text.charCodeAt(at)) | 0;
  return hash;
}

const bitOf = (hash: number): number => (hash ^ (hash >>> BITS)) & ((1 << BITS) - 1);
