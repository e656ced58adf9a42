/**
 * What we run inside a page of the browser, beside the page's own script, which is off. As text, since the types of a
 * page's world would be everybody's in this repository.
 */
import { FAMILIES, fontFaces } from './fonts.ts';
import { FONTS, PAGE } from './served.ts';

/** Of an element and of what its style puts before and behind it. */
const STYLES = `(element) => ['', '::before', '::after', '::marker'].map((part) => getComputedStyle(element, part || null))`;

/** Answers a `PageFacts`. What stands in for a missing script or a document that was not loaded is not the page's text. */
export const READ_FACTS = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const seen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 2 && height > 2;
  };
  const shown = [
    ...all('iframe, frame').filter(seen).map((frame) => frame.getAttribute('src')),
    ...all('embed').map((embed) => embed.getAttribute('src')),
    ...all('object').map((object) => object.getAttribute('data')),
  ];
  const refreshes = all('meta[http-equiv=refresh i]').map((meta) => meta.getAttribute('content') ?? '');
  for (const standIn of all('noscript, object > :not(param)')) standIn.remove();
  for (const object of all('object')) object.textContent = '';
  return {
    title: document.title,
    text: (document.body ?? document.documentElement).innerText,
    pictures: all('img[src^="data:" i], svg').some(seen),
    passwordField: all('input[type=password i]').length > 0,
    asksToAct: all('a[href], form, button').length > 0,
    shown: shown.filter((address) => address && address !== 'about:blank'),
    refreshes,
  };
})()`;

/**
 * Addresses of the pictures that are to be seen on the paper. One that the page makes smaller than 3 by 3 counts readers,
 * and one that it hides is none. Styles are looked at only where somebody asked for a picture that no element names.
 */
export const readPictures = (asked: readonly string[]): string => `(() => {
  const onPaper = (element) => {
    const { width, height } = element.getBoundingClientRect();
    const isDot = width < 3 && height < 3;
    return width > 0 && height > 0 && !isDot && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const absolute = (address) => (address && URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : address);
  // A browser asks for http by https on a page of https, and says so afterwards.
  const written = ({ currentSrc }, src) => (['', src, src.replace(/^http:/, 'https:')].includes(currentSrc) ? src : currentSrc);
  const named = [
    ...all('img').map((img) => [img, written(img, absolute(img.getAttribute('src')?.trim() ?? ''))]),
    ...all('input[type=image i]').map((input) => [input, input.src]),
    ...all('video[poster]').map((video) => [video, video.poster]),
    ...all('svg image').map((image) => [image, absolute(image.href.baseVal)]),
  ];
  const names = new Set(named.map(([, address]) => address));
  const styled = ${JSON.stringify(asked)}.every((address) => names.has(address)) ? [] : all('*').flatMap((element) => {
    const said = (${STYLES})(element).flatMap((style) =>
      ['background-image', 'border-image-source', 'list-style-image', 'content', 'mask-image'].map((one) => style.getPropertyValue(one)));
    return said.flatMap((one) => [...one.matchAll(/url\\("((?:[^"\\\\]|\\\\.)*)"\\)/g)])
      .map(([, address]) => [element, address.replaceAll(/\\\\(.)/g, '$1')]);
  });
  const isPicture = (address) => address && !/^(data|about):/i.test(address) && address.split('#', 1)[0] !== '${PAGE}';
  const standsIn = (element) => element.closest('noscript, object') !== null;
  const wanted = [...named, ...styled].filter(([element, address]) => isPicture(address) && !standsIn(element) && onPaper(element));
  const relative = (address) => (address.startsWith('${PAGE}') ? address.slice(${PAGE.length}) : address);
  return [...new Set(wanted.map(([, address]) => relative(address)))];
})()`;

/**
 * Each element keeps its own fonts, and asks ours for the letters that those lack. Fonts compose letters (`ccmp`) of pieces
 * and variants that have no number of their own: `trị` would be read from the PDF as `tr ̣`, and `ที่` as `ที`. Without that
 * feature each mark is drawn as the letter that it is, and still stands where it belongs; Arabic is the other way round.
 * Controls, which nobody reads, would be drawn as boxes.
 */
export const addFonts = (): string => `(() => {
  const own = [...document.querySelectorAll('*')].map((element) => [element, getComputedStyle(element).fontFamily]);
  const texts = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode } = texts;
    const plain = currentNode.data.replaceAll(/[^\\t\\n\\r\\P{Cc}]|[\\u2028\\u2029]/gu, '');
    if (plain !== currentNode.data) currentNode.data = plain;
  }
  const behind = ', ' + ${JSON.stringify(FAMILIES)};
  const isArabic = ({ childNodes }) => [...childNodes].some(({ nodeType, data }) => nodeType === 3 && /\\p{Script=Arabic}/u.test(data));
  for (const [element, families] of own) {
    element.style?.setProperty('font-family', families + behind, 'important');
    if (!isArabic(element)) element.style?.setProperty('font-feature-settings', '"ccmp" 0', 'important');
  }
  const faces = Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(fontFaces(FONTS))} });
  document.documentElement.append(faces);
  return (async () => {
    // A face may turn out to lack what its range promises: then the next one is asked for.
    do {
      document.documentElement.getBoundingClientRect();
      await document.fonts.ready;
    } while (document.fonts.status === 'loading');
  })();
})()`;

/** The letters that may be drawn, each once; several numbers where several make one. */
export const READ_LETTERS = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const said = [
    document.documentElement.innerText,
    ...all('input, textarea').map(({ value }) => value),
    ...all('svg text').map(({ textContent }) => textContent),
    ...all('*').flatMap((element) => (${STYLES})(element).map(({ content }) => content)),
  ];
  const letters = new Set(said.flatMap((text = '') => [...new Intl.Segmenter().segment(text.slice(0, 1_000_000))].map(({ segment }) => segment)));
  return [...letters].filter((letter) => letter.trim() !== '').slice(0, 3_000);
})()`;
