/** One warm browser: started at the first page, replaced when it ended or has shown so many pages, killed at the end. */
import type { Page } from 'playwright-core';
import { type Chromium, startChromium } from './chromium.ts';

export type WarmBrowser = {
  page: Chromium['page'];
  /** Ends it at once with whatever is open in it, for good. */
  close(): Promise<void>;
};

/** Browsers grow with the pages that they have shown. */
const PAGES_OF_ONE = 500;

type Running = { readonly chromium: Promise<Chromium>; begun: number; open: number };

export function warmBrowser({ pagesOfOne = PAGES_OF_ONE, start = startChromium } = {}): WarmBrowser {
  const all = new Set<Running>();
  let current: Running | undefined;
  let closed = false;

  function enter(): Running {
    current ??= begin();
    const one = current;
    one.begun += 1;
    one.open += 1;
    if (one.begun >= pagesOfOne) current = undefined;
    return one;
  }

  function begin(): Running {
    const one = { chromium: start(), begun: 0, open: 0 };
    all.add(one);
    const forget = () => {
      if (current === one) current = undefined;
      all.delete(one);
    };
    one.chromium.then(({ gone }) => gone).then(forget, forget);
    return one;
  }

  /** One that takes no more pages ends with its last. */
  async function leave(one: Running) {
    one.open -= 1;
    if (current !== one && one.open === 0) await kill(one);
  }

  return {
    async page<T>(work: (page: Page) => Promise<T>, limits: Parameters<Chromium['page']>[1]) {
      if (closed) throw new Error('the browser was closed');
      const one = enter();
      try {
        return await (await one.chromium).page(work, limits);
      } finally {
        await leave(one);
      }
    },
    async close() {
      closed = true;
      await Promise.all([...all].map(kill));
    },
  };
}

const kill = ({ chromium }: Running): Promise<void> =>
  chromium.then(
    (one) => one.kill(),
    () => undefined,
  );
