/**
 * The host system's place in the demonstration in containers: `demo-host.ts LAZADA_REST_URL`. Seeds what `npm start`
 * seeds and lets the same day pass, on a system that runs already.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_CONFIG, readConfig } from '@lazada-sof/runtime';
import pg from 'pg';
import { hostOn } from './host.ts';
import { lazadaAt } from './lazada.ts';
import { seed } from './seed.ts';
import { TURN_MS, takeTurn } from './traffic.ts';

/** Watched by order-update. */
const IMPORTS = '/imports';

async function main([restUrl = '']: readonly string[]): Promise<void> {
  // Orders that nobody bought must not reach the real Lazada.
  if (!restUrl.startsWith('http://simulator:')) return refuse(restUrl);
  const { url } = readConfig(['database']).database;
  const host = hostOn(new pg.Pool({ connectionString: url }));
  const actors = { host, lazada: lazadaAt(new URL(restUrl).origin), imports: IMPORTS };
  await seed(actors);
  console.log('seeded; a new order comes every few seconds');
  for (let turn = 0; ; turn += 1) {
    await takeTurn(turn, actors);
    await sleep(TURN_MS);
  }
}

function refuse(restUrl: string): void {
  console.error(`LAZADA_REST_URL=${restUrl} is not the simulator; start the demonstration with:
docker compose --env-file deploy/demo.env --profile demo up`);
  process.exitCode = EXIT_CONFIG;
}

await main(process.argv.slice(2));
