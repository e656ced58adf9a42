import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openWorkerStage, recordedLog, type WorkerStage } from '@lazada-sof/testkit';
import { sealAccount } from './seal-account.ts';

let stage: WorkerStage;
const { log, lines } = recordedLog();
beforeAll(async () => {
  stage = await openWorkerStage('status-sync');
});
afterAll(() => stage.close());

let made = 0;
const addAccount = (columns: object = {}) => stage.addAccount(`sealed-${++made}`, { ...columns });
const seal = (accountId: string) => sealAccount(accountId, { sealing: stage.db.sealing, log });
const rowOf = async (accountId: string) =>
  (await stage.sql('select * from account.lazada where id = $1', [accountId]))[0] ?? {};
const DONE = { outcome: 'done', answer: { left: [] } };

test.each([
  ['active', {}],
  ['disabled', { enabled: false }],
  ['parked', { status: 'auth_failed', status_reason: 'the password was wrong' }],
])('an account that is %s is sealed as it stands, and nobody is called', async (_, columns) => {
  const { accountId } = await addAccount(columns);
  const [before, { calls }] = [await rowOf(accountId), await stage.lazada.counts()];
  expect(await seal(accountId)).toEqual(DONE);
  const SEALED = expect.stringMatching(/^enc:/);
  const secrets = { app_secret: SEALED, access_token: SEALED, refresh_token: SEALED, sof_password: SEALED };
  expect(await rowOf(accountId)).toEqual({ ...before, ...secrets });
  expect((await stage.lazada.counts()).calls).toEqual(calls);
});

test('run twice, and of an account that is gone, there is nothing to do', async () => {
  const { accountId } = await addAccount();
  expect([await seal(accountId), await seal(accountId), await seal('4711')]).toEqual([
    DONE,
    'superseded',
    'superseded',
  ]);
});

test('whose row somebody holds it is tried again soon, which uses up no try', async () => {
  const { accountId } = await addAccount();
  const busy = { accountId, name: 'shop', left: ['canceling statement due to lock timeout'], isBusy: true };
  const result = await sealAccount(accountId, { sealing: { seal: async () => busy }, log });
  expect(result).toEqual({
    outcome: 'snoozed',
    delayMs: expect.any(Number),
    reason: 'account shop: not sealed yet: canceling statement due to lock timeout',
  });
});

test('what cannot be sealed is told, without the secret', async () => {
  const { accountId } = await addAccount();
  await stage.sql("alter table account.lazada add constraint narrow check (app_secret not like 'enc:%') not valid");
  try {
    expect(await seal(accountId)).toEqual({ outcome: 'done', answer: { left: [expect.stringContaining('narrow')] } });
    expect(lines.filter(({ why }) => String(why).includes('narrow'))).toHaveLength(1);
    expect(await rowOf(accountId)).toMatchObject({ sof_password: expect.stringMatching(/^enc:/) });
    expect(JSON.stringify(lines)).not.toContain(String((await rowOf(accountId)).app_secret));
  } finally {
    await stage.sql('alter table account.lazada drop constraint narrow');
  }
});
