/** What somebody writes into an account's row while Lazada makes its new tokens: the real client, on the real rows. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LazadaCalls, openLazadaCalls } from '@lazada-sof/connectors';
import { openScriptedServer, openWorkerStage, type ScriptedServer, type WorkerStage } from '@lazada-sof/testkit';

const REFRESH = '/auth/token/refresh';

let stage: WorkerStage;
let server: ScriptedServer;
let calls: LazadaCalls & { close(): void };
beforeAll(async () => {
  [stage, server] = await Promise.all([openWorkerStage('status-sync'), openScriptedServer()]);
  calls = openLazadaCalls({
    tokens: stage.db.tokens,
    limiter: stage.limiter,
    settings: { restUrl: server.url, authUrl: server.url },
  });
});
afterAll(async () => {
  calls.close();
  await Promise.all([stage.close(), server.close()]);
});
beforeEach(() => stage.calm());

let made = 0;
/** Lazada makes a pair only of a refresh token that it has not taken yet, and holds its answer until it may go. */
async function refreshHeldOpen() {
  const { accountId } = await stage.addAccount(`racing-${++made}`, { refresh_token: 'refresh-1' });
  const account = await stage.db.accounts.byId(accountId);
  if (!account) throw new Error('the account is gone');
  const asked = Promise.withResolvers<void>();
  const mayGo = Promise.withResolvers<void>();
  server.on(REFRESH, async ({ form, query }) => {
    if ({ ...query, ...form }.refresh_token !== 'refresh-1')
      return { body: { code: 'IllegalRefreshToken', message: 'taken' } };
    asked.resolve();
    await mayGo.promise;
    server.on(REFRESH, { body: { code: 'IllegalRefreshToken', message: 'refresh-1 was taken before' } });
    return { body: { code: '0', access_token: 'access-2', refresh_token: 'refresh-2', expires_in: 3_600 } };
  });
  const renewed = calls.renew(account, await stage.db.tokens.openPlatform(accountId));
  await asked.promise;
  return { accountId, renewed, mayGo: mayGo.resolve };
}
const standing = (accountId: string) =>
  stage.sql('select status, status_reason from account.lazada where id = $1', [accountId]);

test('a seller need not consent anew because somebody corrects the SOF password during a refresh', async () => {
  const { accountId, renewed, mayGo } = await refreshHeldOpen();
  await stage.sql("update account.lazada set sof_password = 'corrected' where id = $1", [accountId]);
  mayGo();
  expect(await renewed).toMatchObject({ accessToken: 'access-2' });
  expect(await standing(accountId)).toEqual([{ status: 'active', status_reason: null }]);
});

test('nor because a secret that the host wrote plain is sealed by another process during a refresh', async () => {
  const { accountId, renewed, mayGo } = await refreshHeldOpen();
  const [row] = await stage.sql('select app_secret from account.lazada where id = $1', [accountId]);
  const { appSecret } = await stage.db.tokens.openPlatform(accountId);
  expect(row?.app_secret).not.toBe(appSecret);
  await stage.sql('update account.lazada set app_secret = $2 where id = $1', [accountId, appSecret]);
  await stage.anotherDb().sealing.seal(accountId);
  mayGo();
  expect(await renewed).toMatchObject({ accessToken: 'access-2' });
  expect(await standing(accountId)).toEqual([{ status: 'active', status_reason: null }]);
});
