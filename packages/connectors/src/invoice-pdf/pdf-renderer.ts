/**
 * Invoices as real PDFs. Bytes that are one are kept as they are, web pages are printed by a browser without script and
 * network, and a page that only points at a PDF is followed. Everything else is refused with its reason. Whatever has to be
 * opened for that is opened by the renderer, in a process of its own.
 */
import {
  AbortedError,
  type Asked,
  ClientError,
  ConnectionLostError,
  type Drawn,
  fairly,
  NoConnectionError,
  openDownloads,
  openRenderer,
  RendererTroubleError,
  TimedOutError,
} from '@lazada-sof/clients';
import { Failure, type InvoiceSource, type PdfRenderer, type RenderedInvoice } from '@lazada-sof/orders';
import type { Config } from '@lazada-sof/runtime';
import pLimit from 'p-limit';
import { htmlType } from './charset.ts';
import { browserTrouble, noRenderer, renderFailed, unsupported } from './failures.ts';
import { followPointer } from './follow-pointer.ts';
import { joinPieces } from './join-pieces.ts';
import { fetchPictures, LARGEST_PICTURE, type Pictures } from './pictures.ts';
import type { RendererProcess } from './renderer-process.ts';
import { LARGEST_PDF, sniff } from './sniff.ts';

export { rendererFor } from './named-renderer.ts';
export { type RendererProcess, type RendererProcessOptions, rendererProcess } from './renderer-process.ts';
export { sameSource } from './same-source.ts';
export type PdfSettings = Pick<Config['invoices'], 'linkHosts' | 'renderer'>;

/** What the renderer draws at once; a page that waits here costs it nothing. */
const PAGES_AT_ONCE = 2;
/** A picture may only be asked for once another one has its place. */
const MOST_ROUNDS = 4;

export function pdfRenderer({ linkHosts, renderer: kind }: PdfSettings, child: RendererProcess): PdfRenderer {
  const documents = openDownloads({ hosts: linkHosts, largest: LARGEST_PDF });
  const pictures = openDownloads({ hosts: linkHosts, largest: LARGEST_PICTURE });
  const renderer = openRenderer({ address: child.address });
  const pages = fairly(PAGES_AT_ONCE);
  const oneByOne = fairly(1);

  const again = pLimit(1);
  /** What another one's page has broken off is tried once more, alone: whoever breaks it then has only itself broken off. */
  async function answered<T>(ask: () => Promise<T>): Promise<T> {
    return ask()
      .catch((error: unknown) => {
        if (!isBroken(error)) throw error;
        return again(async () => {
          await child.settled();
          return ask();
        });
      })
      .catch(fails);
  }

  /** One that does not answer in its own time is replaced. */
  function fails(error: unknown): never {
    if (error instanceof TimedOutError) child.kill();
    throw rendererFailure(error);
  }

  async function asItIs(bytes: Buffer, asked: Asked): Promise<RenderedInvoice> {
    const checked = await oneByOne(asked.asker, () => answered(() => renderer.check(bytes, asked)));
    if (!checked.ok) throw renderFailed(`a PDF that cannot be read: ${checked.reason}`);
    return { pdf: bytes, source: bytes, sourceMime: 'application/pdf' };
  }

  async function drawn(markup: string, asked: Asked): Promise<Exclude<Drawn, { is: 'pictures' }>> {
    let had: Pictures = {};
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const page = { markup, pictures: had };
      const made = await pages(asked.asker, () => answered(() => renderer.draw(page, asked)));
      if (made.is !== 'pictures') return made;
      had = { ...had, ...(await fetchPictures(pictures, made.missing, asked.signal)) };
    }
    throw renderFailed('a page whose pictures lead to further pictures again and again');
  }

  async function printed(
    markup: string,
    { bytes: source, declaredMime }: InvoiceSource,
    asked: Asked,
  ): Promise<RenderedInvoice> {
    const page = { source, sourceMime: htmlType(declaredMime) };
    if (kind === 'none')
      return { ...page, pdf: null, failure: noRenderer('PDF_RENDERER=none; set it to chromium, and restart') };
    try {
      const made = await drawn(markup, asked);
      if (made.is === 'refused') throw (made.code === 'unsupported' ? unsupported : renderFailed)(made.reason);
      if (made.is === 'pointer') return asItIs(await followPointer(documents, made.to, asked.signal), asked);
      return { ...page, pdf: made.pdf };
    } catch (error) {
      if (!(error instanceof Failure) || !isWithoutBrowser(error.cause)) throw error;
      return { ...page, pdf: null, failure: noRenderer(error.cause.trouble, error.cause) };
    }
  }

  return {
    async toPdf(source, signal, accountId) {
      const asked = { asker: accountId, signal };
      const sniffed = sniff(source);
      if (sniffed.form === 'pdf') return asItIs(source.bytes, asked);
      if (sniffed.form === 'html') return printed(sniffed.markup, source, asked);
      throw unsupported(sniffed.reason);
    },
    join: (pieces, signal) =>
      joinPieces((pdfs) => oneByOne(undefined, () => answered(() => renderer.join(pdfs, { signal }))), pieces, signal),
    async close() {
      for (const one of [documents, pictures, renderer]) one.close();
      await child.close();
    },
  };
}

/** It ended, or there is none at this moment. */
const isBroken = (error: unknown) => error instanceof ConnectionLostError || error instanceof NoConnectionError;

const isWithoutBrowser = (cause: unknown): cause is RendererTroubleError =>
  cause instanceof RendererTroubleError && cause.isWithoutBrowser;

function rendererFailure(error: unknown): unknown {
  if (error instanceof AbortedError)
    return new Failure('transient', 'invoice: given up while it was printed', { code: 'aborted', cause: error });
  if (error instanceof RendererTroubleError) return browserTrouble(error.trouble, error);
  return error instanceof ClientError ? browserTrouble('the renderer broke off', error) : error;
}
