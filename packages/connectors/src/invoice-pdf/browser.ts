/**
 * One warm browser: started at the first page, replaced when it crashed or has shown so many pages, killed at the end.
 * Pages know no script, no network and nothing of each other.
 */
import { tmpdir } from 'node:os';
import { type Browser, type BrowserContext, type BrowserServer, chromium, type Page } from 'playwright-core';
import { chromiumBinary } from './chromium-binary.ts';

const PAGES_OF_ONE_BROWSER = 500;

const ARGS = [
  // Containers run it as root or without the kernel's user namespaces; the pages have no script to break out with.
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--font-render-hinting=none',
  // Whatever a page names, no request can leave: not even the connections that browsers open ahead of requests.
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--dns-prefetch-disable',
];

type Running = {
  readonly server: BrowserServer;
  readonly browser: Browser;
  pages: number;
  open: number;
  retired: boolean;
};

export type WarmBrowser = {
  /** Lets `work` have a page of its own, which is gone afterwards. */
  withPage<T>(work: (page: Page) => Promise<T>): Promise<T>;
  /** Ends the browser at once, with whatever is open in it. The next page starts another. */
  kill(): Promise<void>;
};

export function warmBrowser({ pagesOfOneBrowser = PAGES_OF_ONE_BROWSER } = {}): WarmBrowser {
  let current: Promise<Running> | undefined;

  async function running(): Promise<Running> {
    current ??= start();
    const starting = current;
    try {
      const one = await starting;
      if (one.browser.isConnected() && one.pages < pagesOfOneBrowser) return one;
      await retire(one);
    } catch (error) {
      if (current === starting) current = undefined;
      throw error;
    }
    if (current === starting) current = undefined;
    return running();
  }

  return {
    async withPage(work) {
      const one = await running();
      one.pages += 1;
      one.open += 1;
      try {
        return await inContext(one.browser, work);
      } finally {
        one.open -= 1;
        if (one.retired) await retire(one);
      }
    },
    async kill() {
      const started = current;
      current = undefined;
      const one = await started?.catch(() => undefined);
      await one?.server.kill();
    },
  };
}

async function start(): Promise<Running> {
  const server = await chromium.launchServer({
    executablePath: await chromiumBinary(),
    args: ARGS,
    // The service ends itself on signals, and this with it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // Nothing of our environment, which may hold secrets; and a home that can be written to.
    env: { HOME: tmpdir(), TMPDIR: tmpdir(), LANG: 'C.UTF-8' },
    host: '127.0.0.1',
    timeout: 30_000,
  });
  const browser = await chromium.connect(server.wsEndpoint());
  return { server, browser, pages: 0, open: 0, retired: false };
}

/** A retired browser ends with its last page. */
async function retire(one: Running): Promise<void> {
  one.retired = true;
  if (one.open === 0) await one.server.kill();
}

async function inContext<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    offline: true,
    bypassCSP: true,
    acceptDownloads: false,
  });
  try {
    return await work(await openPage(context));
  } finally {
    await context.close().catch(() => undefined);
  }
}

async function openPage(context: BrowserContext): Promise<Page> {
  // `aborted` leaves a page where it is; another error would put the browser's own error page in its place.
  await context.route('**/*', (route) => route.abort('aborted'));
  return context.newPage();
}
