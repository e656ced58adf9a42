import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { BAD_UPDATES, GOOD_UPDATES, UNSTORABLE_UPDATES } from '@lazada-sof/testkit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readJob } from '../worker/read-job.ts';
import { sentUpdate } from './payload.ts';
import { schemaFile, updateSchema, withUpdateType } from './schema.ts';

const committed = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

// Where one fails: node packages/queue/src/write-order-update.ts writes both files anew.
test('docs/order-update.schema.json says what the worker reads', () => {
  expect(committed('docs/order-update.schema.json')).toBe(schemaFile());
});

test('the type that other Node systems check with says the same', () => {
  const declarations = committed('packages/enqueue/src/enqueue.d.ts');
  expect(withUpdateType(declarations)).toBe(declarations);
});

const schema = JSON.parse(committed('docs/order-update.schema.json'));
/** By the standard `format` only remarks, and many validators keep to it; others hold everything to it. */
const validators = {
  'one that only remarks formats': new Ajv2020({ validateFormats: false }),
  'one that asserts formats': formats.default(new Ajv2020()),
};

describe.each(Object.entries(validators))('a validator, %s,', (_says, ajv) => {
  const accepts = ajv.compile(schema);

  test.each([...GOOD_UPDATES])('takes what the worker reads: $says', ({ data }) => {
    expect([accepts(data), sentUpdate.safeParse(data).success]).toEqual([true, true]);
  });

  test.each([...BAD_UPDATES])('refuses what the worker refuses: $says', ({ data, wrong }) => {
    const { error } = sentUpdate.safeParse(data);
    const [mistake] = error?.issues ?? [];
    expect(accepts(data)).toBe(false);
    expect(accepts.errors?.map(fieldOf)).toContain(wrong?.field);
    expect(mistake?.code === 'unrecognized_keys' ? mistake.keys[0] : mistake?.path.join('.')).toBe(wrong?.field);
  });

  test.each([...UNSTORABLE_UPDATES])('takes what only the worker can refuse: $says', ({ data }) => {
    expect([accepts(data), sentUpdate.safeParse(data).success]).toEqual([true, false]);
  });

  test('takes every example', () => {
    expect(schema.examples.filter(accepts)).toEqual(schema.examples);
  });
});

type Complaint = { instancePath: string; params: Record<string, unknown> };
const fieldOf = ({ instancePath, params }: Complaint): unknown =>
  instancePath.slice(1).split('/')[0] || (params.missingProperty ?? params.additionalProperty ?? '');

test('every field is described', () => {
  expect(Object.values(updateSchema().properties).map(({ description }) => description)).not.toContain(undefined);
});

test('a mark of the worker is no sender’s, and a job that has it is read', () => {
  const marked = { v: 1, account: 'demo-sg', orderNumber: '4', status: 'delivered', force: true };
  expect(sentUpdate.safeParse(marked).success).toBe(false);
  expect(readJob('order-update', 'update-order', marked)).toEqual({ name: 'update-order', data: marked });
});
