/** What the renderer is asked and what it answers, for the client and the service alike. */
import { z } from 'zod';

export const ROUTES = { draw: '/pages', check: '/pdfs', join: '/joined', live: '/livez' } as const;
export const PDF_TYPE = 'application/pdf';

/** A web page, and the pictures that it was said to lack, by their addresses. */
export const PageToDraw = z.object({
  markup: z.string(),
  pictures: z.record(z.string(), z.object({ mime: z.string(), base64: z.string() })),
});
export type PageToDraw = z.infer<typeof PageToDraw>;

/** Of a web page that is no PDF, or not yet. */
export const NoPdf = z.discriminatedUnion('is', [
  /** It only points at its document. */
  z.object({ is: z.literal('pointer'), to: z.string() }),
  /** These pictures are to be seen on it: it is to be drawn again with them. */
  z.object({ is: z.literal('pictures'), missing: z.array(z.string()) }),
  z.object({ is: z.literal('refused'), code: z.enum(['unsupported', 'render_failed']), reason: z.string() }),
]);
export type Drawn = { readonly is: 'pdf'; readonly pdf: Buffer } | z.infer<typeof NoPdf>;

/** Whether bytes are a PDF that can be read and has a page. */
export const Checked = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), pages: z.number() }),
  z.object({ ok: z.literal(false), reason: z.string() }),
]);
export type Checked = z.infer<typeof Checked>;

/** For whom a request is, in a header: of several places one asker has one. */
export const ASKER = 'x-asker';

/** How long each of the PDFs is that are sent one behind the other, in a header: `1024,2048`. */
export const SIZES = 'x-sizes';
export const Sizes = z
  .string()
  .regex(/^\d{1,9}(?:,\d{1,9})*$/)
  .transform((text) => text.split(',').map(Number));
/** PDFs that did not become one; a PDF is answered as it is. */
export const NotJoined = z.object({ ok: z.literal(false), reason: z.string() });
export type Joined = { readonly ok: true; readonly pdf: Buffer } | z.infer<typeof NotJoined>;

/** With 503, where another try may go better; `isWithoutBrowser`: once its browser starts. */
export const Trouble = z.object({ trouble: z.string(), isWithoutBrowser: z.boolean().optional() });
export type Trouble = z.infer<typeof Trouble>;
