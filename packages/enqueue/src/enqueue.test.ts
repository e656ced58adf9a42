import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { BAD_UPDATES, GOOD_UPDATE, GOOD_UPDATES, UNSTORABLE_UPDATES } from '@lazada-sof/testkit';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { type EnqueueOptions, enqueue, type OrderUpdate } from './enqueue.js';

/** Nobody listens there: what gets so far has been found good. */
const NOWHERE = 'redis://:secret@127.0.0.1:1';
const AWAY = 'the queue at redis://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1. Nothing was sent';

/** What comes from JavaScript has been checked by nobody. */
const failureOf = (updates: unknown, options: Partial<EnqueueOptions> = {}): Promise<unknown> =>
  enqueue(updates as OrderUpdate, { url: NOWHERE, ...options }).then(
    () => 'it was sent',
    (error: unknown) => error,
  );
const isGood = async (update: unknown) => String(await failureOf(update)) === `Error: ${AWAY}`;

describe('an update is', () => {
  test.each([...GOOD_UPDATES])('good as the worker reads it: $says', async ({ data }) => {
    expect(await failureOf(data)).toEqual(new Error(AWAY));
  });

  // The only one of its fields that is filled in.
  test('good without its version', async () => {
    const { v: _left, ...rest } = GOOD_UPDATE;
    expect(await isGood(rest)).toBe(true);
  });

  test('good with a field that is undefined', async () => {
    expect(await isGood({ ...GOOD_UPDATE, reason: undefined })).toBe(true);
  });

  const alone = BAD_UPDATES.filter(({ data }) => !Array.isArray(data));
  test.each([...alone, ...UNSTORABLE_UPDATES])(
    'refused by its field where the worker refuses it: $says',
    async ({ data, wrong }) => {
      const error = await failureOf(data);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).toMatch(new RegExp(`^TypeError: nothing was sent: ${wrong?.field || 'update'} (is|has) `));
    },
  );

  test('refused with every mistake, its value and the way out', async () => {
    const update = { account: 5n, status: 'deliverd', occurredAt: '2026-03-14', wieght: 3, requestId: '' };
    expect(await failureOf(update)).toEqual(
      new TypeError(
        [
          'nothing was sent: orderNumber is missing: write it',
          'account is 5n: write it as text, in quotes',
          "status is 'deliverd': write one of ready_to_ship, shipped, delivered, not_delivered, release, withdraw",
          "occurredAt is '2026-03-14': write a time with its offset, like 2026-03-14T15:09:26+08:00 or …Z",
          'wieght is no field: there are v, status, occurredAt, account, orderNumber, packageId, trackingNumber, carrier, carrierTrackingNumber, reason, requestId',
          'requestId is empty: leave it out',
        ].join('; '),
      ),
    );
  });

  test('refused among several by its place, and none of them is sent', async () => {
    expect(await failureOf([GOOD_UPDATE, { ...GOOD_UPDATE, v: 2 }])).toEqual(
      new TypeError('nothing was sent: updates[1].v is 2: write 1, or leave it out'),
    );
  });
});

test('a time is good where the schema takes it', async () => {
  const schema = JSON.parse(readFileSync(new URL('../../../docs/order-update.schema.json', import.meta.url), 'utf8'));
  const accepts = new Ajv2020({ validateFormats: false }).compile(schema);
  const digits = (max: number, length = 2) => fc.nat({ max }).map((number) => String(number).padStart(length, '0'));
  const times = fc
    .tuple(
      digits(9_999, 4),
      digits(13),
      digits(32),
      digits(25),
      digits(61),
      digits(61),
      fc.constantFrom('Z', '+08:00', '-24:00', ''),
    )
    .map(
      ([year, month, day, hour, minute, second, zone]) => `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`,
    );
  const lastDays = fc
    .tuple(digits(9_999, 4), digits(12), fc.constantFrom('28', '29', '30', '31'))
    .map((parts) => `${parts.join('-')}T00:00:00Z`);
  await fc.assert(
    fc.asyncProperty(fc.oneof(times, lastDays), async (occurredAt) => {
      const update = { ...GOOD_UPDATE, occurredAt };
      expect(await isGood(update)).toBe(accepts(update));
    }),
  );
});

describe('an address is', () => {
  const PLACE = 'redis://:password@host:6379';
  test.each<{ says: string; options: Partial<EnqueueOptions>; told: string }>([
    {
      says: 'refused where it is PostgreSQL, without its password',
      options: { url: 'postgres://u:secret@host/db' },
      told: 'url is a PostgreSQL: this package speaks to Redis alone. Use the Redis that QUEUE_URL of lazada-sof names, or its HTTP API',
    },
    {
      says: 'refused where it is something else',
      options: { url: 'https://u:secret@host' },
      told: 'url begins with https://: write one of redis://, rediss://, redis+cluster://, rediss+cluster://',
    },
    { says: 'refused where it is none', options: { url: 'host:secret@' }, told: `url begins with host:` },
    {
      says: 'refused where it cannot be read',
      options: { url: '//:secret@host' },
      told: `url is no address: write one like ${PLACE}`,
    },
    {
      says: 'refused where it has no host',
      options: { url: 'redis:///0' },
      told: `url names no host: write one like ${PLACE}`,
    },
    {
      says: 'refused with an empty prefix',
      options: { prefix: '' },
      told: "prefix is empty: write lazada-sof's QUEUE_PREFIX, or leave it out",
    },
    {
      says: 'refused of a cluster whose keys would lie in several places',
      options: { url: 'redis+cluster://host', prefix: 'sof' },
      told: "prefix is 'sof': on a cluster it needs braces, like {lazada-sof}",
    },
  ])('$says', async ({ options, told }) => {
    const error = await failureOf(GOOD_UPDATE, options);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(told);
    expect(String(error)).not.toContain('secret');
  });

  test('refused where it was forgotten', async () => {
    const { QUEUE_URL_THAT_NOBODY_SET: url } = process.env;
    await expect(enqueue(GOOD_UPDATE, { url } as EnqueueOptions)).rejects.toThrow(
      new TypeError('url is missing: write that of the Redis of lazada-sof'),
    );
  });

  test.each([
    'redis://nowhere.invalid',
    'rediss://127.0.0.1:1',
    'redis+cluster://:secret@[::1]:1',
    'rediss+cluster://127.0.0.1:1',
  ])('%s: told where nobody answers there', async (url) => {
    const { protocol, host } = new URL(url);
    const told = String(await failureOf(GOOD_UPDATE, { url }));
    expect(told).toContain(`Error: the queue at ${protocol}//${host} cannot be reached: `);
    expect(told).toContain('. Nothing was sent');
    expect(told).not.toContain('secret');
  });
});

test('nothing is nothing to send', async () => {
  expect(await failureOf([])).toBe('it was sent');
});
