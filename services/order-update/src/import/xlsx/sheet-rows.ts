/** The rows of a sheet, cell by cell as the file has them: nothing that a person did not write passes for what was typed. */
import { type Cell, FILE_REFUSALS, FileRefused, isBlank, type RawRow } from '@lazada-sof/orders';
import { inStretches } from '../table.ts';
import { numberCell, wordedDateCell } from './cell-value.ts';
import { MOST_BYTES, type Package } from './package.ts';
import { grown, plain, RichText } from './shared-strings.ts';
import { isTrue, readXml, type XmlHandler } from './xml.ts';

export const MOST_COLUMNS = 250;
/** The last row of any sheet. */
const LAST_ROW = 1_048_576;

export type SheetParts = {
  readonly path: string;
  readonly shared: readonly string[];
  readonly dateStyles: ReadonlySet<number>;
  readonly since1904: boolean;
};

/** @throws FileRefused */
export async function* sheetRows(book: Package, parts: SheetParts): AsyncGenerator<readonly RawRow[]> {
  const reader = new SheetReader(parts);
  for await (const _ of readXml(book.read(parts.path, MOST_BYTES.sheet), reader)) yield* inStretches(reader.taken());
}

type OpenCell = { readonly column: number; readonly type: string; readonly style: number };

class SheetReader implements XmlHandler {
  #rows: RawRow[] = [];
  #line = 0;
  #column = 0;
  #isHidden = false;
  #cells: Cell[] = [];
  #cell: OpenCell | undefined;
  #within: 'v' | 'f' | undefined;
  #value = '';
  #formula: string | undefined;
  #characters = 0;
  readonly #inline = new RichText();
  readonly #parts: SheetParts;

  constructor(parts: SheetParts) {
    this.#parts = parts;
  }

  taken(): readonly RawRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#openRow(attributes);
    else if (name === 'c') this.#openCell(attributes);
    else if (this.#cell && name === 'v') this.#within = 'v';
    else if (this.#cell && name === 'f') {
      this.#within = 'f';
      this.#formula = '';
    } else this.#inline.open(name);
  }

  close(name: string): void {
    if (name === 'v' || name === 'f') this.#within = undefined;
    else if (name === 'c') this.#closeCell();
    else if (name === 'row') this.#closeRow();
    else this.#inline.close(name);
  }

  text(text: string): void {
    if (this.#within === 'v') this.#value = grown(this.#value, text);
    else if (this.#within === 'f') this.#formula = grown(this.#formula ?? '', text);
    else if (this.#cell) this.#inline.add(text);
  }

  /** Rows and cells without an address stand behind the last one. */
  #openRow({ r, hidden }: Readonly<Record<string, string>>): void {
    const line = r === undefined ? this.#line + 1 : Number(r);
    if (!Number.isInteger(line) || line <= this.#line || line > LAST_ROW) throw damaged();
    this.#line = line;
    this.#column = 0;
    this.#isHidden = isTrue(hidden);
    this.#cells = [];
  }

  #closeRow(): void {
    this.#rows.push({ line: this.#line, cells: this.#cells, ...(this.#isHidden && { isHidden: true }) });
  }

  #openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    const column = r === undefined ? this.#column + 1 : columnOf(r);
    if (column <= this.#column) throw damaged();
    this.#column = column;
    this.#cell = { column, type: t ?? 'n', style: Number(s ?? 0) };
    this.#value = '';
    this.#formula = undefined;
    this.#inline.begin();
  }

  #closeCell(): void {
    if (!this.#cell) return;
    const { column } = this.#cell;
    const cell = this.#valueOf(this.#cell);
    this.#cell = undefined;
    if (isBlank(cell)) return;
    if (column > MOST_COLUMNS) throw new FileRefused(FILE_REFUSALS.tooManyColumns(MOST_COLUMNS));
    this.#count(cell);
    while (this.#cells.length < column - 1) this.#cells.push('');
    this.#cells.push(cell);
  }

  /** Cells that share a text are much more than the file has bytes; together they may hold what a sheet may that shares none. */
  #count(cell: Cell): void {
    if (typeof cell !== 'string') return;
    this.#characters += cell.length;
    if (this.#characters > MOST_BYTES.sheet) throw new FileRefused(FILE_REFUSALS.sheetUnpacksToTooMuch());
  }

  #valueOf({ type, style }: OpenCell): Cell {
    const { shared, dateStyles, since1904 } = this.#parts;
    if (this.#formula !== undefined)
      return { kind: 'formula', text: plain(this.#value), formula: this.#formula || '…' };
    switch (type) {
      case 's':
        return this.#value.trim() === '' ? '' : (shared[Number(this.#value)] ?? fail());
      case 'inlineStr':
        return this.#inline.text;
      case 'str':
        return plain(this.#value);
      case 'b':
        return { kind: 'boolean', text: isTrue(this.#value.trim()) ? 'TRUE' : 'FALSE' };
      case 'e':
        return { kind: 'error', text: this.#value };
      case 'd':
        return this.#value.trim() === '' ? '' : wordedDateCell(this.#value);
      default:
        return numberCell(this.#value, dateStyles.has(style), since1904);
    }
  }
}

const damaged = () => new FileRefused(FILE_REFUSALS.sheetDamaged());
function fail(): never {
  throw damaged();
}

/** `C12` is in the third column. */
function columnOf(address: string): number {
  const letters = /^([A-Z]{1,3})\d+$/.exec(address)?.[1] ?? fail();
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0);
}
