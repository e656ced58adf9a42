/** A page in the browser: what is to be seen on it, and it as a PDF. Script is off for the page; ours runs beside it. */
import type { Page } from 'playwright-core';
import { FAMILIES, fontFaces } from './fonts.ts';
import type { PageFacts } from './page-facts.ts';

export async function showPage(page: Page, markup: string): Promise<void> {
  await page.setContent(markup, { waitUntil: 'load' });
  await page.evaluate(HIDE_NOSCRIPT);
}

/** With script off, browsers show what pages say to readers without script: `Please enable JavaScript`. */
const HIDE_NOSCRIPT = `for (const one of document.querySelectorAll('noscript')) one.remove()`;

export async function pageFacts(page: Page): Promise<PageFacts> {
  return {
    title: await page.title(),
    text: await page.locator('body').innerText(),
    pictures: (await page.locator('img[src^="data:" i], svg').count()) > 0,
    passwordField: (await page.locator('input[type=password i]').count()) > 0,
    targets: await targetsOf(page),
  };
}

async function targetsOf(page: Page): Promise<string[]> {
  const targets: string[] = [];
  for (const [tags, attribute] of [
    ['iframe, frame, embed', 'src'],
    ['object', 'data'],
  ] as const) {
    for (const element of await page.locator(tags).all()) targets.push((await element.getAttribute(attribute)) ?? '');
  }
  for (const element of await page.locator('meta[http-equiv=refresh i]').all()) {
    targets.push(refreshTarget((await element.getAttribute('content')) ?? ''));
  }
  return targets.filter((target) => target !== '' && target !== 'about:blank');
}

/** `0; url=https://…`: empty where the page only calls for itself again. */
const refreshTarget = (content: string) =>
  /^[\s\d.]*[;,\s]\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(content)?.[1]?.trim() ?? '';

export async function printPage(page: Page): Promise<Buffer> {
  await page.evaluate(`(${FONTS_BEHIND_THE_PAGES_OWN})(${JSON.stringify(fontFaces())})`);
  return page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true, margin: MARGIN });
}

const MARGIN = { top: '10mm', right: '10mm', bottom: '10mm', left: '10mm' };

/** Each element keeps its own fonts, and asks ours for the letters that those lack. */
const FONTS_BEHIND_THE_PAGES_OWN = `(faces) => {
  const own = [...document.querySelectorAll('*')].map((element) => [element, getComputedStyle(element).fontFamily]);
  for (const [element, families] of own) element.style?.setProperty('font-family', families + ', ' + ${JSON.stringify(FAMILIES)}, 'important');
  document.documentElement.append(Object.assign(document.createElement('style'), { textContent: faces }));
  document.documentElement.getBoundingClientRect();
  return document.fonts.ready.then(() => undefined);
}`;
