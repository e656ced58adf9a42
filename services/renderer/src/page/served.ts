/**
 * What a page finds behind its addresses: itself, our fonts, the pictures that it was given, and nothing else. None of this
 * leaves the machine: the browser is offline, and asks us instead.
 */
import type { Page, Request, Route } from 'playwright-core';
import { fontFile } from './fonts.ts';

export type Picture = { readonly mime: string; readonly bytes: Buffer };
/** By their addresses. */
export type Pictures = ReadonlyMap<string, Picture>;

/** A place of nobody's, over https as Lazada's own pages: `//host/path` on it means https too. */
export const PAGE = 'https://invoice.invalid/';
export const FONTS = `${PAGE}fonts/`;

/** In the place of a picture that we do not have: its size shows what the page makes of one. */
const STAND_IN = {
  contentType: 'image/svg+xml',
  body: '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"/>',
};

export type Serving = {
  /** Addresses of pictures that were asked for, of which we have none. */
  readonly missing: ReadonlySet<string>;
};

export async function serve(page: Page, markup: string, pictures: Pictures = new Map()): Promise<Serving> {
  const missing = new Set<string>();
  let isShown = false;

  function answer(request: Request): Parameters<Route['fulfill']>[0] | null {
    const address = request.url();
    if (address === PAGE && !isShown) {
      // Once: a page that calls for itself again is not to be shown for ever.
      isShown = true;
      return { contentType: 'text/html; charset=utf-8', body: markup };
    }
    const font = address.startsWith(FONTS) ? fontFile(address.slice(FONTS.length)) : undefined;
    if (font) return { contentType: 'font/woff2', path: font };
    if (request.resourceType() !== 'image') return null;
    const picture = pictures.get(address) ?? pictures.get(address.replace(/^https:/, 'http:'));
    if (picture) return { contentType: picture.mime, body: picture.bytes };
    missing.add(address);
    return STAND_IN;
  }

  await page.route('**/*', async (route) => {
    const answered = answer(route.request());
    // `aborted` leaves a page where it is; another error would put the browser's own error page in its place. A page that
    // is taken away meanwhile needs no answer.
    await (answered ? route.fulfill(answered) : route.abort('aborted')).catch(() => undefined);
  });
  return { missing };
}
