/** The texts that cells share. They have to be at hand while a sheet is read, so how many there may be is limited. */
import { FILE_REFUSALS, FileRefused, isBlank } from '@lazada-sof/orders';
import { unescaped } from './cell-value.ts';
import { MOST_BYTES, type Package } from './package.ts';
import { readWholeXml } from './xml.ts';

const MOST_TEXTS = 2_000_000;
/** Excel's own limit of a cell. */
export const LONGEST_TEXT = 32_767;
/** As it stands in XML, where one character may be seven. */
const LONGEST_ESCAPED = LONGEST_TEXT * '_x000D_'.length;

/** A text that comes in pieces, which nobody makes endless. @throws FileRefused */
export function grown(text: string, more: string): string {
  if (text.length + more.length > LONGEST_ESCAPED) throw tooLong();
  return text + more;
}

/** What a text of XML says. @throws FileRefused where no cell could hold it */
export function plain(text: string): string {
  const said = unescaped(text);
  if (said.length > LONGEST_TEXT) throw tooLong();
  return said;
}

const tooLong = () => new FileRefused(FILE_REFUSALS.sheetTextTooLong(LONGEST_TEXT));

/** One that is blank is empty here: a million cells may refer to it, and none of them has to look through it. */

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
      const { text } = runs;
      texts.push(isBlank(text) ? '' : text);
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
    return plain(this.#parts);
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
