import { type Claim, isPassing, listen, openDb } from '@lazada-sof/db';
import { openLimiter, openProducer } from '@lazada-sof/queue';
import { countRemoved, readGauge, runService, SERVICE_SLICES } from '@lazada-sof/runtime';
import { checkAccounts, TOKEN_ENDS_WITHIN_MS } from './accounts.ts';
import { goOnWithBackfills } from './backfills.ts';
import { createBacklog } from './backlog.ts';
import { runDailyJobs } from './daily.ts';
import { goOnWithImports } from './imports.ts';
import { openNotices } from './notices.ts';
import { createPace } from './pace.ts';
import { runRetention } from './retention.ts';
import { round } from './round.ts';
import { runRounds } from './rounds.ts';
import { sealAccounts } from './sealing.ts';
import { createWaker } from './waker.ts';

const name = 'scheduler';

await runService({
  name,
  slices: SERVICE_SLICES[name],
  async start({ config, log, metrics, signal }) {
    const db = openDb({ ...config.database, source: name, log });
    const producer = await openProducer({ ...config.queue, log });
    const waker = createWaker();
    const accounts = createWaker();
    const plainSecrets = createWaker();
    const wake = () => [waker, accounts, plainSecrets].map((one) => one.wake());
    const listener = listen({
      url: config.scheduler.listenUrl ?? config.database.url,
      onNotify: wake,
      onLost: (error) => log.warn('notifications are not heard, sweeping goes on', { error }),
    });
    let sweptAt = performance.now();
    readGauge(metrics, 'sof_scheduler_last_sweep_seconds', {
      read: async () => [{ labels: {}, value: (performance.now() - sweptAt) / 1_000 }],
      onError: () => undefined,
    });
    const broken = (orderId: string, error: unknown) =>
      log.error('order cannot be read: it rests until its row is written', { orderId, error });
    const { take: claim, ...claims } = db.claims;
    const { pauses, ...limiter } = await openLimiter({ ...config.queue, perSecond: config.rates, log });
    const pace = createPace({ rates: config.rates });
    const backlog = createBacklog<Claim>({ untouched: claims.untouched });
    const { load } = db.orders;
    const rounds = runRounds(
      {
        round: () => round({ claim, load, isPassing, ...claims, enqueue: producer.add, pauses, pace, backlog, broken }),
        nextDueInMs: db.claims.nextInMs,
        waker,
        sweepIntervalMs: config.scheduler.sweepIntervalMs,
        log,
        onRound: () => {
          sweptAt = performance.now();
        },
      },
      signal,
    );
    const checks = checkAccounts(
      {
        toCheck: () => db.accounts.toCheck({ tokenEndsWithinMs: TOKEN_ENDS_WITHIN_MS }),
        enqueue: producer.add,
        waker: accounts,
        log,
      },
      signal,
    );
    const sealing = sealAccounts(
      { toSeal: db.sealing.toSeal, enqueue: producer.add, waker: plainSecrets, log },
      signal,
    );
    const daily = runDailyJobs(
      {
        rows: db.dailyJobs,
        notices: openNotices({ accounts: db.accounts, indexFiles: db.indexFiles, log }),
        enqueue: producer.add,
        waker: createWaker(),
        log,
      },
      signal,
    );
    const backfills = goOnWithBackfills(
      { take: db.backfills.take, enqueue: producer.add, waker: createWaker(), log },
      signal,
    );
    const imports = goOnWithImports(
      { takeDue: db.importRuns.takeDue, enqueue: producer.add, waker: createWaker(), log },
      signal,
    );
    const retention = runRetention(
      {
        days: config.retention,
        retention: db.retention,
        now: db.dailyJobs.now,
        count: countRemoved(metrics),
        waker: createWaker(),
        log,
      },
      signal,
    );
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      async stop() {
        await Promise.all([rounds, checks, sealing, daily, backfills, imports, retention, listener.close()]);
        await Promise.all([limiter.close(), producer.close(), db.close()]);
      },
    };
  },
});
