import { openDb } from '@lazada-sof/db';
import { openProducer } from '@lazada-sof/queue';
import { runService, SERVICE_SLICES } from '@lazada-sof/runtime';
import { buildApi } from './app.ts';
import { loadChecks } from './checks.ts';
import { createFirstAdmin } from './first-admin.ts';
import { forgetOld } from './forget-old.ts';
import { registerGauges } from './gauges.ts';
import { keysOfApi } from './keys.ts';
import { openSessions } from './session.ts';

const name = 'api';

await runService({
  name,
  slices: SERVICE_SLICES[name],
  checks: await loadChecks(),
  async start({ config, log, metrics }) {
    const db = openDb({ ...config.database, keys: keysOfApi(config.keys.encryption), source: name, log });
    const producer = await openProducer({ ...config.queue, log });
    await createFirstAdmin({ admin: config.console.admin, access: db.access, audit: db.audit, log });
    registerGauges({ metrics, db, producer, log });
    const sessions = openSessions({ ...config.session, store: db.access });
    const app = await buildApi({ db, producer, sessions, log, metrics, proxies: config.proxies.trusted });
    log.info('listening', { url: await app.listen(config.http) });
    const ending = new AbortController();
    const forgetting = forgetOld({ db, log }, ending.signal);
    return {
      ready: async () => ({ ...(await db.ready()), queue: await producer.ping() }),
      async stop() {
        ending.abort();
        await Promise.all([app.close(), forgetting]);
        await Promise.all([producer.close(), db.close()]);
      },
    };
  },
});
