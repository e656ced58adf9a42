/** Whether web pages become PDFs here, in the letters in which sellers write: on the way that `invoice-fetch` goes. */
import { fileURLToPath } from 'node:url';
import { Failure } from '@lazada-sof/orders';
import type { Config } from '@lazada-sof/runtime';
import { type Finding, good, odd, red } from './finding.ts';
import type { Room } from './rooms.ts';

const CHECK = 'renderer';
const PROGRAM = fileURLToPath(new URL('../../../../../services/renderer/src/main.ts', import.meta.url));

const LETTERS: Readonly<Record<string, string>> = {
  Latin: 'Invoice 1, façade',
  Thai: 'ใบกำกับภาษี ที่อยู่ผู้ซื้อ',
  Vietnamese: 'Hoá đơn giá trị gia tăng: Nguyễn Thị Ước',
  Chinese: '发票 發票 税务登记号 臺灣',
};
const PAGE = `<!doctype html><meta charset="utf-8"><title>Invoice 1</title>${Object.values(LETTERS)
  .map((text) => `<p>${text}</p>`)
  .join('')}`;

type Settings = Config<'invoices'>['invoices'];

const NO_BROWSER =
  'it needs the libraries that Chromium links to (deploy/Dockerfile installs them), and 210 MB in /tmp from where programs may run';

/** Another program or page than ours, for tests. */
export type Drawing = { readonly program?: string; readonly page?: string };

export const rendererRoom = (settings: Settings, drawing: Drawing = {}): Room => ({
  name: CHECK,
  // It unpacks its browser at its first page.
  limitMs: 180_000,
  fix: NO_BROWSER,
  async look(signal) {
    if (settings.renderer === 'none')
      return [
        odd(
          CHECK,
          'PDF_RENDERER=none: invoices that come as web pages are kept as they came, and blocked until there is one',
        ),
      ];
    return [await drawn(settings, drawing, signal)];
  },
});

async function drawn(
  settings: Settings,
  { program = PROGRAM, page = PAGE }: Drawing,
  signal: AbortSignal,
): Promise<Finding> {
  // Loaded when it is needed: it brings much.
  const { pdfRenderer, rendererFor } = await import('@lazada-sof/connectors/pdf-renderer');
  const child = rendererFor(settings, { program });
  const renderer = pdfRenderer(settings, child);
  signal.addEventListener('abort', child.kill, { once: true });
  try {
    const made = await renderer.toPdf({ bytes: Buffer.from(page), declaredMime: 'text/html' }, signal);
    if (made.pdf) return good(CHECK, `drew a page in ${Object.keys(LETTERS).join(', ')} letters`);
    return red(CHECK, made.failure.message, NO_BROWSER);
  } catch (error) {
    return rendererFinding(error);
  } finally {
    signal.removeEventListener('abort', child.kill);
    await renderer.close();
  }
}

/** By its code: letters that are missing are no fault of the page, which is ours. */
function rendererFinding(error: unknown): Finding {
  if (error instanceof Failure && error.code === 'render_failed')
    return red(
      CHECK,
      error.message,
      'install the project whole: the fonts come with it as packages (pnpm install, or the image)',
    );
  return red(CHECK, error instanceof Error ? error.message : String(error), NO_BROWSER);
}
