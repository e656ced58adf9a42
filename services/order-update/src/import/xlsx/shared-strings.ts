/** The texts that cells share. They have to be at hand while a sheet is read, so how many there may be is limited. */
import { FILE_REFUSALS, FileRefused } from '@lazada-sof/orders';
import { unescaped } from './cell-value.ts';
import { MOST_BYTES, type Package } from './package.ts';
import { readWholeXml } from './xml.ts';

const MOST_TEXTS = 2_000_000;
/** A cell has at most 32,767 characters. */
const LONGEST_TEXT = 1024 * 1024;

/** A text that comes in pieces, which nobody makes endless. @throws FileRefused */
export function grown(text: string, more: string): string {
  if (text.length + more.length > LONGEST_TEXT) throw new FileRefused(FILE_REFUSALS.sheetUnpacksToTooMuch());
  return text + more;
}

export async function sharedStrings(book: Package, path: string | undefined): Promise<readonly string[]> {
  const texts: string[] = [];
  if (path === undefined || !book.has(path)) return texts;
  const runs = new RichText();
  await readWholeXml(book.read(path, MOST_BYTES.sharedStrings), {
    open: (name) => {
      if (name === 'si') runs.begin();
      else runs.open(name);
    },
    close: (name) => {
      runs.close(name);
      if (name !== 'si') return;
      if (texts.length >= MOST_TEXTS) throw new FileRefused(FILE_REFUSALS.sheetUnpacksToTooMuch());
      texts.push(runs.text);
    },
    text: (text) => runs.add(text),
  });
  return texts;
}

/** A text in runs of different looks; how it is pronounced (`rPh`) is no part of it. */
export class RichText {
  #parts = '';
  #isText = false;
  #isSpoken = false;

  get text(): string {
    return unescaped(this.#parts);
  }

  begin(): void {
    this.#parts = '';
  }

  open(name: string): void {
    if (name === 'rPh') this.#isSpoken = true;
    if (name === 't') this.#isText = !this.#isSpoken;
  }

  close(name: string): void {
    if (name === 'rPh') this.#isSpoken = false;
    if (name === 't') this.#isText = false;
  }

  add(text: string): void {
    if (this.#isText) this.#parts = grown(this.#parts, text);
  }
}
