/** The renderer's protocol over HTTP: a page becomes a PDF, a PDF is looked at. Whoever has the token may ask. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { fairly } from '@lazada-sof/clients/renderer-places';
import {
  ASKER,
  type Checked,
  type Drawn,
  type Joined,
  PageToDraw,
  PDF_TYPE,
  ROUTES,
  SIZES,
  Sizes,
  type Trouble,
} from '@lazada-sof/clients/renderer-protocol';
import type { Checker } from './check/checker.ts';
import { PAGES_AT_ONCE, type PagePrinter } from './page/page-printer.ts';
import type { Pictures } from './page/served.ts';
import { NoBrowser, PageTrouble } from './page/trouble.ts';

export type Paper = { readonly printer: PagePrinter; readonly checker: Checker };

type Reply = { readonly status: number; readonly type: string; readonly body: string | Buffer };
type Answer = (request: IncomingMessage, signal: AbortSignal) => Promise<Reply>;

/** A page of 8 MB, written as JSON, with its pictures. */
const LARGEST_PAGE = 96 * 1024 * 1024;
const LARGEST_PDF = 50 * 1024 * 1024;
/** All that are to become one: they are held several times over, and what they became as text too. */
const LARGEST_JOINED = 16 * 1024 * 1024;

/** `token`: null where only whoever may ask can reach it. */
export function rendererServer(token: string | null, paper: Paper): Server {
  const routes = routesOf(paper);
  return createServer(async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const reply = await replyTo(request, gone.signal);
    // What was not read is not waited for.
    response.shouldKeepAlive &&= request.complete;
    response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body);
  });

  async function replyTo(request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
    const answer = routes[`${request.method} ${request.url}`];
    if (request.method === 'GET' && request.url === ROUTES.live) return json(200, {});
    if (token !== null && !isOurs(request, token)) return json(401, { trouble: 'another token' });
    if (!answer) return json(404, { trouble: 'no such path' });
    try {
      return await answer(request, signal);
    } catch (error) {
      const trouble = error instanceof PageTrouble ? error.message : 'the renderer broke off';
      const missing = error instanceof NoBrowser ? { isWithoutBrowser: true } : {};
      return json(503, { trouble, ...missing } satisfies Trouble);
    }
  }
}

/** Bodies are read when there is a place for them: whoever waits keeps what they have. */
function routesOf({ printer, checker }: Paper): Readonly<Record<string, Answer>> {
  const pages = fairly(PAGES_AT_ONCE);
  const readers = fairly(1);
  return {
    [`POST ${ROUTES.draw}`]: (request, signal) =>
      pages(askerOf(request), async () => {
        if (lengthOf(request) > LARGEST_PAGE) return json(413, { trouble: 'too large a page' });
        const { markup, pictures } = PageToDraw.parse(JSON.parse((await buffer(request)).toString()));
        return drawn(await printer.print(markup, picturesOf(pictures), signal));
      }),
    [`POST ${ROUTES.check}`]: async (request) => {
      const bytes = lengthOf(request);
      if (bytes > LARGEST_PDF) return json(413, { trouble: 'too large a PDF' });
      const look = await readers(askerOf(request), () => checker.look(request, { bytes, readBack: false }));
      return json(200, (look.ok ? { ok: true, pages: look.pages } : look) satisfies Checked);
    },
    [`POST ${ROUTES.join}`]: async (request) => {
      const bytes = lengthOf(request);
      if (bytes > LARGEST_JOINED) return json(200, notJoined(`together they are more than ${LARGEST_JOINED} bytes`));
      const sizes = Sizes.parse(request.headers[SIZES]);
      if (sizes.reduce((sum, size) => sum + size, 0) !== bytes)
        return json(400, { trouble: 'other lengths than said' });
      const joined = await readers(askerOf(request), () => checker.join(request, sizes));
      return joined.ok ? pdf(Buffer.from(joined.pdf, 'base64')) : json(200, notJoined(joined.reason));
    },
  };
}

const askerOf = ({ headers }: IncomingMessage) => headers[ASKER]?.toString();

/** One that does not say how long it is is too long. */
const lengthOf = (request: IncomingMessage): number =>
  Number(request.headers['content-length'] ?? Number.NaN) || Infinity;

const picturesOf = (pictures: PageToDraw['pictures']): Pictures =>
  new Map(
    Object.entries(pictures).map(([address, { mime, base64 }]) => [
      address,
      { mime, bytes: Buffer.from(base64, 'base64') },
    ]),
  );

const notJoined = (reason: string) => ({ ok: false, reason }) satisfies Joined;

const pdf = (body: Buffer): Reply => ({ status: 200, type: PDF_TYPE, body });
const drawn = (made: Drawn): Reply => (made.is === 'pdf' ? pdf(made.pdf) : json(200, made));

const json = (status: number, value: object): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

function isOurs({ headers }: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
}
