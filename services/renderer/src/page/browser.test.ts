/** How long one browser lives. The browsers here are counted, not started: real ones are in the integration test. */
import { beforeEach, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type WarmBrowser, warmBrowser } from './browser.ts';
import type { Chromium } from './chromium.ts';

type Counted = { readonly chromium: Chromium; gone: boolean };
let started: Counted[];
let browser: WarmBrowser;

beforeEach(() => {
  started = [];
  browser = warmBrowser({ pagesOfOne: 3, start });
});

async function start(): Promise<Chromium> {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const chromium: Chromium = {
    gone,
    page: (work) => work(undefined as unknown as Page),
    async kill() {
      counted.gone = true;
      resolve();
    },
  };
  const counted = { chromium, gone: false };
  started.push(counted);
  return chromium;
}

const limits = { longestMs: 1_000 };
const show = (into: WarmBrowser = browser) => into.page(async () => 'shown', limits);
const gone = () => started.map((one) => one.gone);

test('none is started before there is a page', () => {
  expect(started.length).toBe(0);
});

test('one serves pages of the same moment', async () => {
  await Promise.all([show(), show()]);
  expect(gone()).toEqual([false]);
});

test('one is replaced after so many pages', async () => {
  for (let at = 0; at < 4; at += 1) await show();
  expect(gone()).toEqual([true, false]);
});

test('one that is to be replaced ends with the last of its pages', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const slow = browser.page(() => promise, limits);
  for (let at = 0; at < 3; at += 1) await show();
  expect(gone()).toEqual([false, false]);
  resolve('whole');
  expect(await slow).toBe('whole');
  expect(gone()).toEqual([true, false]);
});

test('one that ended while nobody used it is replaced', async () => {
  await show();
  await started[0]?.chromium.kill();
  await new Promise(setImmediate);
  expect(await show()).toBe('shown');
  expect(started.length).toBe(2);
});

test('a page that fails leaves its browser to the others', async () => {
  await expect(browser.page(() => Promise.reject(new Error('spoilt')), limits)).rejects.toThrow('spoilt');
  await show();
  expect(gone()).toEqual([false]);
});

test('one that does not start fails its page, and the next page tries again', async () => {
  const reluctant = warmBrowser({
    start: () => (started.length === 0 ? start().then(() => Promise.reject(new Error('no memory'))) : start()),
  });
  await expect(show(reluctant)).rejects.toThrow('no memory');
  expect(await show(reluctant)).toBe('shown');
});

test('all end when it is closed, and none is started again', async () => {
  const held = Promise.withResolvers<void>();
  const open = browser.page(() => held.promise, limits);
  for (let at = 0; at < 3; at += 1) await show();
  await browser.close();
  expect(gone()).toEqual([true, true]);
  await expect(show()).rejects.toThrow('the browser was closed');
  held.resolve();
  await open;
});

test('one that is closed while it starts does not stay', async () => {
  const opening = show().catch(() => undefined);
  await browser.close();
  await opening;
  expect(gone()).toEqual([true]);
});
