/** XML of somebody else, read as a stream: no document type, so no entities of its own; nothing deep, nothing endless. */
import { TextDecoder } from 'node:util';
import { FILE_REFUSALS, FileRefused } from '@lazada-sof/orders';
import { SaxesParser } from 'saxes';
import { breath } from '../import-source.ts';

/** Names without their prefix: some programs write `x:row`. */
export type XmlHandler = {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  /** Of the innermost element, perhaps in several pieces. */
  text(text: string): void;
};

/** A spreadsheet's own parts are half as deep. */
const DEEPEST = 64;
/** A text without an element, an attribute or a comment. A cell has at most 32,767 characters. */
const LONGEST = 1024 * 1024;

/** Yields after each chunk, so that a reader can hand on what it has. @throws FileRefused */
export async function* readXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): AsyncGenerator<void> {
  const reader = new Reader(handler);
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderOf(chunk);
    reader.write(() => decoder?.decode(chunk, { stream: true }) ?? '');
    yield;
    await breath();
  }
  reader.end(() => decoder?.decode() ?? '');
  yield;
}

export async function readWholeXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  for await (const _ of readXml(chunks, handler));
}

function decoderOf(chunk: Buffer): TextDecoder {
  const isUtf16 = chunk.subarray(0, 2).equals(Buffer.of(0xff, 0xfe));
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true });
}

class Reader {
  readonly #parser = new SaxesParser();
  #depth = 0;
  #sinceElement = 0;

  constructor(handler: XmlHandler) {
    this.#parser.on('doctype', () => {
      throw new FileRefused(FILE_REFUSALS.sheetDamaged());
    });
    this.#parser.on('opentag', ({ name, attributes }) => {
      this.#sinceElement = 0;
      this.#depth += 1;
      if (this.#depth > DEEPEST) throw new FileRefused(FILE_REFUSALS.sheetDamaged());
      handler.open(local(name), attributes);
    });
    this.#parser.on('closetag', ({ name }) => {
      this.#sinceElement = 0;
      this.#depth -= 1;
      handler.close(local(name));
    });
    this.#parser.on('text', (text) => handler.text(text));
    this.#parser.on('cdata', (text) => handler.text(text));
  }

  write(decode: () => string): void {
    this.#guarded(() => {
      const text = decode();
      this.#sinceElement += text.length;
      this.#parser.write(text);
      if (this.#sinceElement > LONGEST) throw new FileRefused(FILE_REFUSALS.sheetUnpacksToTooMuch());
    });
  }

  end(decode: () => string): void {
    this.#guarded(() => this.#parser.write(decode()).close());
  }

  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (error instanceof FileRefused) throw error;
      throw new FileRefused(FILE_REFUSALS.sheetDamaged(), { cause: error });
    }
  }
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** An attribute by its name without prefix (`r:id`). */
export const attribute = (attributes: Readonly<Record<string, string>>, name: string): string | undefined =>
  attributes[name] ?? Object.entries(attributes).find(([key]) => local(key) === name)?.[1];

/** XML's truth, which programs write as `1` or `true`. */
export const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';
