/**
 * What we run inside a page of the browser, beside the page's own script, which is off. As text, since the types of a
 * page's world would be everybody's in this repository.
 */
import { FAMILIES, fontFaces } from './fonts.ts';

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
 * Each element keeps its own fonts, and asks ours for the letters that those lack. Fonts compose letters (`ccmp`) of pieces
 * and variants that have no number of their own: `trị` would be read from the PDF as `tr ̣`, and `ที่` as `ที`. Without that
 * feature each mark is drawn as the letter that it is, and still stands where it belongs.
 */
export const addFonts = (): string => `(() => {
  const own = [...document.querySelectorAll('*')].map((element) => [element, getComputedStyle(element).fontFamily]);
  const behind = ', ' + ${JSON.stringify(FAMILIES)};
  for (const [{ style }, families] of own) {
    style?.setProperty('font-family', families + behind, 'important');
    style?.setProperty('font-feature-settings', '"ccmp" 0', 'important');
  }
  const faces = Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(fontFaces())} });
  document.documentElement.append(faces);
  document.documentElement.getBoundingClientRect();
  return document.fonts.ready.then(() => undefined);
})()`;
