/** Which part of the package is the first sheet that is shown, and what it needs to be read. */
import { posix } from 'node:path';
import { FILE_REFUSALS, FileRefused } from '@lazada-sof/orders';
import { MOST_BYTES, type Package } from './package.ts';
import { attribute, isTrue, readWholeXml } from './xml.ts';

export type Workbook = {
  readonly sheet: { readonly name: string; readonly path: string };
  readonly sharedStrings?: string;
  readonly styles?: string;
  /** Days are counted from 1904 on, and not from 1900. */
  readonly since1904: boolean;
};

/** Sheets of a book, and parts that one part names. */
const MOST = 1_000;
/** Path of a part in the zip. Node takes quadratic time for a path of many `..`. */
const LONGEST_TARGET = 1_024;

type Relation = { readonly id: string; readonly type: string; readonly target: string };
type Sheet = { readonly name: string; readonly relation: string; readonly isShown: boolean };

/** @throws FileRefused where there is none */
export async function readWorkbook(book: Package): Promise<Workbook> {
  const path = await workbookPath(book);
  const relations = await relationsOf(book, path);
  const { sheets, since1904 } = await sheetsOf(book, path);
  const target = (kind: string) => relations.find(({ type }) => type === kind)?.target;
  // Of two with one id the first counts.
  const byId = new Map(relations.toReversed().map((relation) => [relation.id, relation]));
  const shown = sheets
    .filter(({ isShown }) => isShown)
    .map(({ name, relation }) => ({ name, of: byId.get(relation) }))
    .find(({ of }) => of?.type === 'worksheet');
  if (!shown?.of) throw new FileRefused(FILE_REFUSALS.sheetNoneShown());
  const sharedStrings = target('sharedStrings');
  const styles = target('styles');
  return {
    sheet: { name: shown.name, path: shown.of.target },
    ...(sharedStrings !== undefined && { sharedStrings }),
    ...(styles !== undefined && { styles }),
    since1904,
  };
}

async function workbookPath(book: Package): Promise<string> {
  const main = (await relationsOf(book, '')).find(({ type }) => type === 'officeDocument')?.target;
  if (main === undefined) throw new FileRefused(FILE_REFUSALS.sheetDamaged());
  if (main.endsWith('.bin')) throw new FileRefused(FILE_REFUSALS.excelBinary());
  return main;
}

/** Of a part; of the package itself where `path` is empty. */
async function relationsOf(book: Package, path: string): Promise<Relation[]> {
  const { dir, base } = posix.parse(path);
  const relations: Relation[] = [];
  await readWholeXml(book.read(posix.join(dir, '_rels', `${base}.rels`), MOST_BYTES.small), {
    open: (name, { Id, Type, Target, TargetMode }) => {
      if (name !== 'Relationship' || TargetMode === 'External') return;
      if (relations.length >= MOST) throw tooMuch();
      if (Target !== undefined && Target.length > LONGEST_TARGET) throw tooMuch();
      // The kinds have two addresses, of the standard and of its strict form, that end alike.
      const type = (Type ?? '').slice((Type ?? '').lastIndexOf('/') + 1);
      relations.push({ id: Id ?? '', type, target: posix.resolve('/', dir, Target ?? '').slice(1) });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return relations;
}

async function sheetsOf(book: Package, path: string): Promise<{ sheets: Sheet[]; since1904: boolean }> {
  const sheets: Sheet[] = [];
  let root: string | undefined;
  let since1904 = false;
  await readWholeXml(book.read(path, MOST_BYTES.small), {
    open: (name, attributes) => {
      root ??= name;
      if (name === 'workbookPr') since1904 = isTrue(attributes.date1904);
      if (name !== 'sheet') return;
      if (sheets.length >= MOST) throw tooMuch();
      const isShown = (attributes.state ?? 'visible') === 'visible';
      sheets.push({ name: attributes.name ?? '', relation: attribute(attributes, 'id') ?? '', isShown });
    },
    close: () => undefined,
    text: () => undefined,
  });
  if (root !== 'workbook') throw new FileRefused(FILE_REFUSALS.otherDocument());
  return { sheets, since1904 };
}

const tooMuch = () => new FileRefused(FILE_REFUSALS.sheetUnpacksToTooMuch());
