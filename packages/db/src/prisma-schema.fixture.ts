/** What prisma/schema.prisma says of the tables, in the database's words. */
import { readFileSync } from 'node:fs';

export type ModelledColumn = {
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
};
export type ModelledTable = {
  readonly table: string;
  readonly columns: readonly ModelledColumn[];
  /** The columns of the primary key, of each `@unique`, and of each `@@index`. */
  readonly keys: readonly string[];
};

/** By Prisma's type and its `@db` attribute, as `format_type` writes it. */
const TYPES: Readonly<Record<string, string>> = {
  BigInt: 'bigint',
  Int: 'integer',
  'Int SmallInt': 'smallint',
  String: 'text',
  'String Uuid': 'uuid',
  'String[]': 'text[]',
  Boolean: 'boolean',
  Json: 'jsonb',
  Bytes: 'bytea',
  'DateTime Timestamptz': 'timestamp(6) with time zone',
  'DateTime Date': 'date',
};

export function readModels(): ModelledTable[] {
  const text = readFileSync(new URL('../../../prisma/schema.prisma', import.meta.url), 'utf8');
  return [...text.matchAll(/^model \w+ \{\n(.*?)^\}/gms)].map(([, body = '']) => readModel(body.split('\n')));
}

function readModel(lines: readonly string[]): ModelledTable {
  const fields = lines.flatMap((line) => readField(line) ?? []);
  const columnOf = new Map(fields.map(({ name, column }) => [name, column]));
  const schema = attribute(lines, 'schema');
  return {
    table: `${schema}.${attribute(lines, 'map')}`,
    columns: fields.map(({ column, type, nullable, hasDefault }) => ({ column, type, nullable, hasDefault })),
    keys: [
      ...fields.flatMap(({ column, isKey }) => (isKey ? [column] : [])),
      ...lines.flatMap((line) => blockKey(line, columnOf)),
    ],
  };
}

const attribute = (lines: readonly string[], name: string) =>
  lines.map((line) => new RegExp(`@@${name}\\("(\\w+)"\\)`).exec(line)?.[1]).find((found) => found !== undefined) ?? '';

function readField(line: string) {
  const [, name = '', base = '', mark = '', rest = ''] = /^ {2}(\w+) +(\w+)(\?|\[\])? *(.*)$/.exec(line) ?? [];
  const native = /@db\.(\w+)/.exec(rest)?.[1];
  const type = TYPES[[`${base}${mark === '[]' ? mark : ''}`, ...(native ? [native] : [])].join(' ')];
  // The rest are relations, which have columns of their own.
  if (type === undefined) return null;
  return {
    name,
    column: /@map\("(\w+)"\)/.exec(rest)?.[1] ?? name,
    type,
    nullable: mark === '?',
    hasDefault: rest.includes('@default'),
    isKey: /@(id|unique)\b/.test(rest),
  };
}

function blockKey(line: string, columnOf: ReadonlyMap<string, string>): string[] {
  const names = /^ {2}@@(?:id|unique|index)\(\[([\w, ]+)\]\)/.exec(line)?.[1];
  return names
    ? [
        names
          .split(', ')
          .map((name) => columnOf.get(name) ?? `?${name}`)
          .join(', '),
      ]
    : [];
}
