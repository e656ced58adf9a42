/** A browser process, and pages in it that know no script, no network and nothing of each other. */
import { tmpdir } from 'node:os';
import pTimeout from 'p-timeout';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { MOST_MEGABYTES, watchBrowser } from './browser-memory.ts';
import { type ChromiumBinary, chromiumBinary } from './chromium-binary.ts';
import { NoBrowser, PageTooHeavy, PageTrouble } from './trouble.ts';

export type Chromium = {
  /**
   * Lets `work` have a page of its own, for so long at most; then the page is taken away, if need be with the browser.
   * @throws the work's error, the signal's reason, a `TimeoutError`, or PageTooHeavy
   */
  page<T>(
    work: (page: Page) => Promise<T>,
    limits: { longestMs: number; signal?: AbortSignal | undefined },
  ): Promise<T>;
  /** Ends it at once, with whatever is open in it. */
  kill(): Promise<void>;
  /** Resolves once the process has ended, by itself or not. */
  readonly gone: Promise<void>;
};

const ARGS = [
  '--disable-gpu',
  '--font-render-hinting=none',
  // Requests are refused one by one; this also covers the connections that browsers open ahead of requests.
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--dns-prefetch-disable',
];
/** With unpacking on a busy machine. */
const START_MS = 60_000;
const CLOSE_MS = 2_000;

export type ChromiumOptions = {
  readonly installed?: ChromiumBinary;
  /** Its own: where it cannot have one it does not start with it. The pages have no script to break out with either way. */
  readonly sandbox?: boolean;
};

/** @throws NoBrowser that says why it does not start */
export async function startChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  const browser = await launch(options).catch((error: unknown) => {
    const [why] = error instanceof Error ? error.message.split('\n') : [`${error}`];
    throw new NoBrowser(`Chromium does not start (${why})`, { cause: error });
  });
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  browser.once('disconnected', () => resolve());
  const { session, pid } = await sessionOf(browser).catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  async function kill() {
    endProcess(pid);
    await gone;
  }
  const memory = watchBrowser(session, kill);
  return {
    gone,
    kill,
    async page(work, { longestMs, signal }) {
      const opening = closedContext(browser);
      let isCrashed = false;
      const working = opening.then(async (context) => {
        const page = await context.newPage();
        page.on('crash', () => {
          isCrashed = true;
        });
        return work(page);
      });
      try {
        return await pTimeout(memory.during(working), { milliseconds: longestMs, ...(signal && { signal }) });
      } catch (error) {
        if (!isCrashed || !memory.hasEnded()) throw error;
        throw new PageTooHeavy(`a page that takes more than ${MOST_MEGABYTES} MB to draw`, { cause: error });
      } finally {
        if (!(await closes(opening))) await kill();
      }
    },
  };
}

async function launch({ installed, sandbox = false }: ChromiumOptions): Promise<Browser> {
  const { executablePath, env } = installed ?? (await chromiumBinary());
  return chromium.launch({
    executablePath,
    args: ARGS,
    chromiumSandbox: sandbox,
    // The service ends itself on signals, and this with it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    // Nothing of our environment, which may hold secrets, and a home that can be written to.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: tmpdir(), TMPDIR: tmpdir(), LANG: 'C.UTF-8', ...env },
    timeout: START_MS,
  });
}

/** Playwright tells the process only of a browser that is served to others, which costs a sixth of the pages. */
async function sessionOf(browser: Browser): Promise<{ session: CDPSession; pid: number }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const own = processInfo.find(({ type }) => type === 'browser');
  if (!own) throw new PageTrouble('Chromium names no process of its own');
  return { session, pid: own.id };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself, which was wanted.
  }
}

/** A context closed to the outside. */
async function closedContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    offline: true,
    bypassCSP: true,
    acceptDownloads: false,
    serviceWorkers: 'block',
  });
  // `aborted` leaves a page where it is; another error would put the browser's own error page in its place.
  await context.route('**/*', (route) => route.abort('aborted'));
  return context;
}

/** False where the browser does not take the page away in time: then it does nothing else either. */
async function closes(opening: Promise<BrowserContext>): Promise<boolean> {
  const closing = opening.then((context) => context.close()).catch(() => undefined);
  return pTimeout(
    closing.then(() => true),
    { milliseconds: CLOSE_MS, fallback: () => false },
  );
}
