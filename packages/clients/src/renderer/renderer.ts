/** The renderer, which draws and checks foreign paper in a process of its own. */
import { openConnections } from '../http/connections.ts';
import { factsOf, type HttpAnswer } from '../http/request.ts';
import { RendererTroubleError } from './errors.ts';
import {
  ASKER,
  Checked,
  type Drawn,
  type Joined,
  NoPdf,
  NotJoined,
  type PageToDraw,
  PDF_TYPE,
  ROUTES,
  SIZES,
  Trouble,
} from './protocol.ts';

export type Renderer = {
  /** A web page as a PDF that was read back, or what stands in the way. */
  draw(page: PageToDraw, asked?: Asked): Promise<Drawn>;
  check(pdf: Buffer, asked?: Asked): Promise<Checked>;
  /** PDFs, one behind the other, as a single one. */
  join(pdfs: readonly Buffer[], asked?: Asked): Promise<Joined>;
  close(): void;
};

/** `asker`: of its places, one asker has one. */
export type Asked = { readonly asker?: string | undefined; readonly signal?: AbortSignal | undefined };

/** Where it is, and the token by which it knows whom it works for. */
export type RendererAddress = {
  readonly url: string;
  /** Where it listens at a path, which another network of its own does not keep from us. */
  readonly socketPath?: string | undefined;
  /** None: whoever reaches it may ask. */
  readonly token?: string | undefined;
};

export type RendererOptions = {
  /** Asked before each request: one that ended is somewhere else when it is there again. */
  readonly address: () => Promise<RendererAddress>;
  readonly wholeMs?: number;
};

/** It keeps to shorter limits of its own; the first page waits until the browser is unpacked. */
const WHOLE_MS = 120_000;
const LARGEST = 100 * 1024 * 1024;

export function openRenderer({ address, wholeMs = WHOLE_MS }: RendererOptions): Renderer {
  const connections = openConnections({ connectMs: 5_000, headersMs: wholeMs, idleMs: 4_000 });

  type Sent = Asked & {
    readonly type: string;
    readonly body: string | Buffer;
    readonly headers?: Readonly<Record<string, string>>;
  };

  async function ask(path: string, { type, body, headers, asker, signal }: Sent): Promise<HttpAnswer> {
    const { url, socketPath, token } = await address();
    const request = {
      method: 'POST',
      url: new URL(path, url),
      socketPath,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        'content-type': type,
        ...(asker && { [ASKER]: asker }),
        ...headers,
      },
      body,
      wholeMs,
      largestAnswer: LARGEST,
      signal,
    } as const;
    const answer = await connections.send(request);
    if (answer.status === 200) return answer;
    throw new RendererTroubleError(troubleOf(answer), { request: factsOf(request), httpStatus: answer.status });
  }

  return {
    async draw(page, asked) {
      const { headers, body } = await ask(ROUTES.draw, {
        type: 'application/json',
        body: JSON.stringify(page),
        ...asked,
      });
      return headers['content-type'] === PDF_TYPE ? { is: 'pdf', pdf: body } : NoPdf.parse(jsonOf(body));
    },
    async check(pdf, asked) {
      const { body } = await ask(ROUTES.check, { type: PDF_TYPE, body: pdf, ...asked });
      return Checked.parse(jsonOf(body));
    },
    async join(pdfs, asked) {
      const headers = { [SIZES]: pdfs.map(({ length }) => length).join(',') };
      const answer = await ask(ROUTES.join, { type: PDF_TYPE, body: Buffer.concat(pdfs), headers, ...asked });
      if (answer.headers['content-type'] === PDF_TYPE) return { ok: true, pdf: answer.body };
      return NotJoined.parse(jsonOf(answer.body));
    },
    close: () => connections.close(),
  };
}

const jsonOf = (body: Buffer): unknown => JSON.parse(body.toString());

function troubleOf({ status, body }: HttpAnswer): Trouble {
  const said = status === 503 ? Trouble.safeParse(jsonOf(body)).data : undefined;
  return said ?? { trouble: `the renderer answered ${status}` };
}
