/**
 * `docs/order-update.schema.json`, for senders in any language, and the type that a Node sender checks with: both made
 * from the payload that the worker reads, so that none of the three says something else.
 */
import { z } from 'zod';
import { sentUpdate } from './payload.ts';

const TITLE = 'Update of an order';
const DESCRIPTION = [
  'What another system says of one order: the data of the job update-order in the queue order-update, and without v, account and orderNumber the body of POST /v1/orders/{account}/{orderNumber}/status.',
  'No schema can say these, and they are refused too: text with U+0000 or with half of a surrogate pair; an update with neither a status nor a carrierTrackingNumber; a carrier without its number.',
].join(' ');

const EXAMPLE: z.input<typeof sentUpdate> = {
  v: 1,
  account: 'demo-sg',
  orderNumber: '400100000214683',
  status: 'delivered',
  occurredAt: '2026-03-14T15:09:26+08:00',
  requestId: 'scan-81723',
};

type Property = { readonly description?: string; readonly enum?: readonly string[]; readonly const?: unknown };
export type UpdateSchema = Readonly<Record<string, unknown>> & {
  readonly properties: Readonly<Record<string, Property>>;
  readonly required: readonly string[];
};

/** What a worker marks is no sender's, so it is not in here. */
export function updateSchema(): UpdateSchema {
  const { $schema, ...rest } = z.toJSONSchema(sentUpdate, { target: 'draft-2020-12', io: 'input' });
  // Sound for a plain object of plain fields, which is all that zod makes of one.
  return { $schema, title: TITLE, description: DESCRIPTION, examples: [EXAMPLE], ...rest } as UpdateSchema;
}

export const schemaFile = (): string => `${JSON.stringify(updateSchema(), null, 2)}\n`;

const BEGIN = '// Made from the schema: node packages/queue/src/write-order-update.ts';
const END = '// (end of what is made)';

/** @throws Error where the file has lost its marks */
export function withUpdateType(declarations: string): string {
  const [before, rest] = declarations.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`the declarations have no "${BEGIN}" … "${END}"`);
  return `${before}${BEGIN}\n${updateType(updateSchema())}${END}${after}`;
}

const updateType = ({ properties, required }: UpdateSchema): string =>
  [
    'export type OrderUpdatePayload = {',
    ...Object.entries(properties).flatMap(([name, property]) => [
      `  /** ${property.description} */`,
      `  readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(property)};`,
    ]),
    '};',
    '',
  ].join('\n');

function typeOf(property: Property): string {
  if (property.const !== undefined) return JSON.stringify(property.const);
  return property.enum?.map((value) => `'${value}'`).join(' | ') ?? 'string';
}
