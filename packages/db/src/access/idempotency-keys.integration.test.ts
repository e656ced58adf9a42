import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openDbForTest, type TestDb } from '../db.fixture.ts';
import type { Db } from '../open.ts';
import type { HeldKey, NamedRequest } from './idempotency-keys.ts';

let host: TestDb;
let other: Db;
beforeAll(async () => {
  host = await openDbForTest();
  other = host.another();
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate idempotency_key'));

const REQUEST: NamedRequest = { client: 'key erp', key: 'k-1', requestSha256: Buffer.from('one') };
const take = (waitedFor: string | null = null, request: NamedRequest = REQUEST, db: Db = host.db) =>
  db.idempotencyKeys.take(request, waitedFor);
async function held(request: NamedRequest = REQUEST): Promise<HeldKey> {
  const taken = await take(null, request);
  if (taken.is !== 'held') throw new Error(`it is ${taken.is}`);
  return taken.held;
}
const past = (column: string, interval: string) =>
  host.sql(`update idempotency_key set ${column} = now() - interval '${interval}'`);

test('of many at once one holds the key, the others wait for it', async () => {
  for (let round = 0; round < 10; round += 1) {
    const request = { ...REQUEST, key: `k-${round}` };
    const answers = await Promise.all(
      [host.db, other, host.db, other].map(({ idempotencyKeys }) => idempotencyKeys.take(request, null)),
    );
    expect(answers.map(({ is }) => is).sort()).toEqual(['held', 'wait', 'wait', 'wait']);
  }
});

test('of many who find that its holder died one goes on, under the same request', async () => {
  for (let round = 0; round < 10; round += 1) {
    const request = { ...REQUEST, key: `k-${round}` };
    const dead = await held(request);
    await past('held_until', '1 ms');
    const answers = await Promise.all(
      [host.db, other, host.db, other].map(({ idempotencyKeys }) => idempotencyKeys.take(request, null)),
    );
    expect(answers.map(({ is }) => is).sort()).toEqual(['held', 'wait', 'wait', 'wait']);
    const next = answers.find((answer) => answer.is === 'held');
    expect(next).toMatchObject({ held: { requestId: dead.requestId } });
    expect(next).not.toMatchObject({ held: { holder: dead.holder } });
  }
});

test('an answer is there for everybody who asks the same, in each process', async () => {
  await host.db.idempotencyKeys.answer(await held(), { status: 202, answer: { updateId: '1' } });
  expect(await take(null, REQUEST, other)).toEqual({ is: 'answered', status: 202, answer: { updateId: '1' } });
  expect(await take(null, { ...REQUEST, requestSha256: Buffer.from('two') })).toEqual({ is: 'taken' });
});

test('another client may use the same key', async () => {
  await held();
  expect(await take(null, { ...REQUEST, client: 'key shop' })).toMatchObject({ is: 'held' });
});

test('a refusal is the answer to who waited, and a new beginning for who comes later', async () => {
  const first = await held();
  const waiting = await take();
  expect(waiting).toEqual({ is: 'wait', holder: first.holder });
  await host.db.idempotencyKeys.answer(first, { status: 409, answer: 'no' });
  expect(await take(first.holder)).toEqual({ is: 'answered', status: 409, answer: 'no' });
  expect(await take()).toMatchObject({ is: 'held', held: { requestId: first.requestId } });
});

test('one that was given back is taken at once, under the same request', async () => {
  const first = await held();
  await host.db.idempotencyKeys.giveBack(first);
  expect(await take()).toMatchObject({ is: 'held', held: { requestId: first.requestId } });
});

test('whoever comes back from the dead neither answers nor gives back what another holds', async () => {
  const dead = await held();
  await past('held_until', '1 ms');
  await held();
  await host.db.idempotencyKeys.giveBack(dead);
  await host.db.idempotencyKeys.answer(dead, { status: 202, answer: 'late' });
  expect(await take()).toMatchObject({ is: 'wait' });
});

test('after a day a key is as new', async () => {
  const first = await held();
  await host.db.idempotencyKeys.answer(first, { status: 202, answer: 'done' });
  await past('created_at', '24 h');
  const next = await held({ ...REQUEST, requestSha256: Buffer.from('two') });
  expect(next.requestId).not.toBe(first.requestId);
});

test('those whose day is over are forgotten, and no others', async () => {
  await host.sql(
    `insert into idempotency_key (client, key, request_sha256, status, created_at, held_until)
     select 'key erp', 'old-' || n, '\\x00'::bytea, 202, now() - interval '25 h', null::timestamptz from generate_series(1, 1200) n
     union all select 'key erp', 'new', '\\x00', 202, now() - interval '23 h', null
     union all select 'key erp', 'held', '\\x00', null, now() - interval '25 h', now() + interval '5 s'`,
  );
  expect(await Promise.all([host.db, other].map(({ idempotencyKeys }) => idempotencyKeys.forgetOld()))).toEqual([
    expect.any(Number),
    expect.any(Number),
  ]);
  expect(await host.sql('select key from idempotency_key order by key')).toEqual([{ key: 'held' }, { key: 'new' }]);
});
