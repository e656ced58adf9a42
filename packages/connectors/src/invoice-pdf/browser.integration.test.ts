/** How long one browser lives, and what becomes of pages when it does not. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type WarmBrowser, warmBrowser } from './browser.ts';
import { type Chromium, startChromium } from './chromium.ts';
import { pagePrinter } from './page-printer.ts';

let started: Chromium[];
let browser: WarmBrowser;

beforeEach(() => {
  started = [];
  browser = warmBrowser({ pagesOfOne: 3, start: startAndTell });
});
afterEach(() => browser.close());

async function startAndTell(): Promise<Chromium> {
  const chromium = await startChromium();
  started.push(chromium);
  return chromium;
}
const limits = { longestMs: 20_000 };
const open = (into: WarmBrowser = browser) => into.page(async (page) => page.url(), limits);

describe('a browser', () => {
  test('is started at the first page, kept for the next ones, and replaced after so many', async () => {
    expect(started.length).toBe(0);
    for (let at = 0; at < 4; at += 1) expect(await open()).toBe('about:blank');
    expect(started.length).toBe(2);
    await started[0]?.gone;
  });

  test('that is to be replaced ends with the last of its pages, and none is cut off', async () => {
    const opened = Promise.withResolvers<void>();
    const { promise: held, resolve: release } = Promise.withResolvers<string>();
    const slow = browser.page(() => {
      opened.resolve();
      return held;
    }, limits);
    await opened.promise;
    for (let at = 0; at < 3; at += 1) await open();
    expect(started.length).toBe(2);
    release('whole');
    expect(await slow).toBe('whole');
    await started[0]?.gone;
  });

  test('that crashed fails the page that was open, and the next page has another', async () => {
    const crashed = browser.page(async (page) => {
      await started[0]?.kill();
      return page.pdf();
    }, limits);
    await expect(crashed).rejects.toThrow(/closed/);
    expect(await open()).toBe('about:blank');
    expect(started.length).toBe(2);
  });

  test('that crashed while nobody used it is replaced unnoticed', async () => {
    await open();
    await started[0]?.kill();
    await started[0]?.gone;
    expect(await open()).toBe('about:blank');
  });

  test('that does not start fails its page, and the next page tries again', async () => {
    let tries = 0;
    const second = warmBrowser({
      start: async () => {
        tries += 1;
        if (tries === 1) throw new Error('no memory');
        return startAndTell();
      },
    });
    await expect(open(second)).rejects.toThrow('no memory');
    expect(await open(second)).toBe('about:blank');
    await second.close();
  });

  test('ends when it is closed, with the pages that are open, and none is started again', async () => {
    const opened = Promise.withResolvers<void>();
    const cut = browser.page((page) => {
      opened.resolve();
      return page.waitForEvent('close').then(() => page.pdf());
    }, limits);
    const expected = expect(cut).rejects.toThrow();
    await opened.promise;
    await browser.close();
    await expected;
    await started[0]?.gone;
    await expect(open()).rejects.toThrow('the browser was closed');
    expect(started.length).toBe(1);
  });

  test('that is closed while it starts does not stay', async () => {
    const opening = expect(open()).rejects.toThrow();
    await browser.close();
    await opening;
    await started[0]?.gone;
  });
});

describe('a page', () => {
  /** Ten drawings of ten drawings of ten …, which take for ever without any script. */
  const groups = Array.from({ length: 12 }, (_, at) => {
    const inner = at === 0 ? '<rect width="1" height="1"/>' : `<use href="#g${at - 1}"/>`;
    return `<g id="g${at}">${inner.repeat(10)}</g>`;
  });
  const ENDLESS = `<p>Invoice 1</p><svg>${groups.join('')}</svg>`;

  test('that never finishes is cut off, and the next one is printed', async () => {
    const printer = pagePrinter({ browser, longestMs: 1_500 });
    await expect(printer.print(ENDLESS)).rejects.toMatchObject({
      kind: 'transient',
      code: 'browser',
      message: expect.stringContaining('not printed in time'),
    });
    const patient = pagePrinter({ browser });
    expect(await patient.print('<p>Invoice 1</p>')).toMatchObject({ is: 'pdf' });
  });

  test('that nobody waits for any more is given up at once', async () => {
    const printer = pagePrinter({ browser });
    await printer.print('<p>Invoice 1</p>');
    const giveUp = new AbortController();
    const given = printer.print(ENDLESS, giveUp.signal);
    setImmediate(() => giveUp.abort());
    await expect(given).rejects.toMatchObject({ kind: 'transient', code: 'aborted' });
  });

  test('whose browser ends is printed another time', async () => {
    const dying = pagePrinter({ browser: { ...browser, page: () => Promise.reject(new Error('Target closed')) } });
    await expect(dying.print('<p>Invoice 1</p>')).rejects.toMatchObject({ kind: 'transient', code: 'browser' });
  });

  test('waits while two others are printed', async () => {
    let open = 0;
    let most = 0;
    const counting: WarmBrowser = {
      ...browser,
      async page(work, given) {
        open += 1;
        most = Math.max(most, open);
        return browser.page(work, given).finally(() => {
          open -= 1;
        });
      },
    };
    const printer = pagePrinter({ browser: counting });
    await Promise.all(Array.from({ length: 5 }, () => printer.print('<p>Invoice 1</p>')));
    expect(most).toBe(2);
  });
});
