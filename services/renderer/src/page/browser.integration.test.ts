/** What becomes of pages when they, or their browser, do not behave. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Checker, openChecker } from '../check/checker.ts';
import { type WarmBrowser, warmBrowser } from './browser.ts';
import { type Chromium, startChromium } from './chromium.ts';
import { type PagePrinter, pagePrinter } from './page-printer.ts';

let started: Chromium[];
let browser: WarmBrowser;
let checker: Checker;
let printer: PagePrinter;

beforeEach(() => {
  started = [];
  checker = openChecker();
  browser = warmBrowser({
    async start() {
      const chromium = await startChromium();
      started.push(chromium);
      return chromium;
    },
  });
  printer = pagePrinter({ browser, checker });
});
afterEach(() => Promise.all([browser.close(), checker.close()]));

const PAGE = '<p>Invoice 1</p>';
/** A selector that is tried on every choice of twelve out of two hundred boxes: for ever, in no memory, and without any script. */
const CHOICES = Array.from({ length: 12 }).reduce<string>((outer) => `:is(${outer} div)`, ':empty');
const ENDLESS = `${PAGE}<style>${CHOICES} b{color:red}</style>${'<div>'.repeat(200)}<b>1</b>`;

test('a page that never finishes is cut off, and the next one is printed', async () => {
  const impatient = pagePrinter({ browser, checker, longestMs: 500 });
  await expect(impatient.print(ENDLESS)).rejects.toMatchObject({
    name: 'PageTrouble',
    message: expect.stringContaining('not printed in time'),
  });
  expect(await printer.print(PAGE)).toMatchObject({ is: 'pdf' });
});

test.each([
  ['of half a million rows', `<table>${'<tr><td>1'.repeat(500_000)}`],
  ['of eight megabytes of one letter', `<p>1 ${'a'.repeat(8_000_000)}`],
])('a page %s is refused for what it takes, and the one beside it is printed', async (_, markup) => {
  const heavy = printer.print(markup);
  expect(await printer.print(PAGE)).toMatchObject({ is: 'pdf' });
  expect(await heavy).toEqual({
    is: 'refused',
    code: 'render_failed',
    reason: expect.stringMatching(/more than \d+ MB to draw/),
  });
  expect(await printer.print(PAGE)).toMatchObject({ is: 'pdf' });
  expect(started.length).toBe(1);
});

test('a page that nobody waits for any more is given up at once', async () => {
  const giveUp = new AbortController();
  const given = printer.print(ENDLESS, new Map(), giveUp.signal);
  giveUp.abort();
  await expect(given).rejects.toMatchObject({ name: 'AbortError' });
});

test('a page whose browser crashed fails for now, and the next one has another browser', async () => {
  await printer.print(PAGE);
  const failed = expect(printer.print(ENDLESS)).rejects.toMatchObject({ name: 'PageTrouble' });
  await started[0]?.kill();
  await failed;
  expect(await printer.print(PAGE)).toMatchObject({ is: 'pdf' });
  expect(started.length).toBe(2);
});

test('a browser ends when it is closed, with the page that is open', async () => {
  await printer.print(PAGE);
  const failed = expect(printer.print(ENDLESS)).rejects.toMatchObject({ name: 'PageTrouble' });
  await printer.close();
  await failed;
  await started[0]?.gone;
});

test('a browser that cannot be started says why', async () => {
  const broken = pagePrinter({
    checker,
    browser: warmBrowser({
      start: () => startChromium({ installed: { executablePath: '/nowhere/chromium', env: {} } }),
    }),
  });
  await expect(broken.print(PAGE)).rejects.toMatchObject({
    name: 'NoBrowser',
    message: expect.stringMatching(/does not start \(.*\/nowhere\/chromium/),
  });
});
