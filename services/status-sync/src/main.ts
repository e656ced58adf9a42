import {
  accountChecks,
  consentCheck,
  fleetDbs,
  fleetSofp,
  marketplaceLazada,
  openLazadaCalls,
  openSofCalls,
  tokenChecks,
} from '@lazada-sof/connectors';
import { openDb, parseKeys } from '@lazada-sof/db';
import { createHands, openLimiter, openProducer, orderJob, runWorker, shareHands } from '@lazada-sof/queue';
import { countRequests, runService, SERVICE_SLICES, watchUnknownStatuses } from '@lazada-sof/runtime';
import { checkAccount } from './check-account.ts';
import { observeFlagToSent } from './flag-to-sent.ts';
import { performStatusStep } from './handler.ts';
import { packingNotes } from './packing-notes.ts';
import { sealAccount } from './seal-account.ts';

const queue = 'status-sync';

await runService({
  name: queue,
  slices: SERVICE_SLICES[queue],
  async start({ config, log, metrics }) {
    const db = openDb({ ...config.database, keys: parseKeys(config.keys.encryption), source: queue, log });
    const producer = await openProducer({ ...config.queue, log });
    const hands = createHands(config.worker.concurrency);
    const limiter = await openLimiter({ ...config.queue, perSecond: config.rates, hands, log });
    const onUnknownCode = (code: string) => log.warn('Lazada answered with a code that no row of ours knows', { code });
    const onUnknownStatus = watchUnknownStatuses({ metrics, log });
    const parts = { tokens: db.tokens, limiter, onRequest: countRequests(metrics) };
    const lazada = openLazadaCalls({
      ...parts,
      settings: config.lazada,
      handsAreFree: hands.areFree,
      onUnknownCode,
      onUnknownStatus,
    });
    const sof = openSofCalls({ ...parts, settings: config.sofp });
    const marketplace = marketplaceLazada(lazada);
    const fleets = { sofp: fleetSofp(sof), dbs: fleetDbs(lazada) };
    const checks = accountChecks({ lazada, sof, tokens: db.verifyingTokens });
    const ownChecks = tokenChecks({ lazada, sof, tokens: db.tokens });
    const consent = consentCheck({ lazada, consents: db.consents });
    const job = orderJob({
      queue,
      orders: db.orders,
      accounts: db.accounts,
      producer,
      perform: shareHands(
        hands,
        performStatusStep({
          marketplace,
          fleets,
          notePacking: packingNotes({ accounts: db.accounts, log }),
          onAccepted: observeFlagToSent({ metrics, events: db.events, log }),
        }),
      ),
    });
    const worker = await runWorker({
      queue,
      ...config.queue,
      ...config.worker,
      hands,
      log,
      metrics,
      handlers: {
        'sync-status': ({ orderId }, context) => job({ orderId, ...context }),
        'check-account': async ({ accountId, ifActive }, { signal }) => {
          const tools = { accounts: db.accounts, consent, checks, ownChecks, log };
          const answer = await checkAccount({ accountId, ifActive, signal }, tools);
          return answer === 'superseded' ? answer : { outcome: 'done', answer };
        },
        'seal-account': ({ accountId }) => sealAccount(accountId, { sealing: db.sealing, log }),
      },
    });
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      progressing: worker.alive,
      async stop() {
        await worker.close();
        lazada.close();
        sof.close();
        await Promise.all([limiter.close(), producer.close(), db.close()]);
      },
    };
  },
});
