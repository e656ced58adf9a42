/**
 * Lazada hides a buyer's data behind stars once it is old or not meant for the reader (`J***n`, `84*******38`, `****`). An
 * invoice without its buyer or its amounts is none, and one too many refused is seen by somebody, one too few is not.
 */

/** `*** NEW ***` in an article's name: words between two runs of the same two or three stars, within one cell. */
const DECORATION =
  /(?<![*\p{L}\p{M}\p{N}])(\*{2,3})(?!\*)([^\n\t*:：]{0,40}\p{L}[^\n\t*:：]{0,40})\1(?![*\p{L}\p{N}])/gu;
/** `Visa **** **** **** 1234`: how cards are written on receipts everywhere. */
const CARD = /(visa|master ?card|amex|jcb|unionpay|card|บัตร|thẻ|kartu)[^\n\t*]{0,30}(\*{2,8}[ -]?){1,4}\d{4}(?!\d)/giu;
/** A line drawn in stars across the page, which holds no more of them. */
const RULE = /^[ \t]*\*{40,200}[ \t]*$/gmu;
const MORE_THAN_A_RULE = '*'.repeat(201);

const MASKS: readonly RegExp[] = [
  // Within a word or number: J**n, 84*******38, j***@shop
  /[\p{L}\p{M}\p{N}]\*{2,}[\p{L}\p{N}@.]/u,
  // Its beginning: ***12, ****gapore
  /\*{3,}\p{N}|\*{4,}\p{L}/u,
  // Its end: B*****, J***; a footnote's mark is shorter, and stands behind a longer word.
  /[\p{L}\p{M}\p{N}]\*{4,}|(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]{1,2}\*{3,}/u,
  // All of a value: ****
  /(?<!\S)[(:：]?\*{4,}/u,
  // Shorter, but alone in its cell, behind its label or its currency: Name: ***, ฿ ***
  /(?:^|[\t:：]|\p{Sc})[ \u00a0]*\*{3,}[ \u00a0]*(?=$|\t)/mu,
  // An amount: **.**
  /\*[.,]\*{2}/u,
];

export function isMasked(text: string): boolean {
  const searched = withShortRuns(text.replaceAll(/[＊∗•●]/gu, '*'))
    .replaceAll(RULE, '')
    // No expression below may have to walk along a run of stars from each of its stars.
    .replaceAll(/\*{8,}/g, '********')
    .replaceAll(CARD, '')
    .replaceAll(DECORATION, '$2');
  return MASKS.some((mask) => mask.test(searched));
}

/** An expression remembers each star of a run that it may have to give back, and has no room for millions. */
function withShortRuns(text: string): string {
  let short = '';
  let from = 0;
  for (let at = text.indexOf(MORE_THAN_A_RULE); at >= 0; at = text.indexOf(MORE_THAN_A_RULE, from)) {
    short += text.slice(from, at + MORE_THAN_A_RULE.length);
    from = at;
    while (text[from] === '*') from += 1;
  }
  return short + text.slice(from);
}
