/** Invoices that would take all memory: each is refused with its reason, and those of others arrive. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BOMBS } from '../src/paper/bombs.ts';
import { watchMemoryOf } from '../src/paper/memory-of.ts';
import { describeOnLinux } from '../src/paper/on-linux.ts';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const raw = (bytes: Buffer, mime: string) => ({ kind: 'raw', file: bytes.toString('base64'), mime });
const page = (markup: string) => raw(Buffer.from(markup), 'text/html');

await describeOnRedis('foreign paper', () => {
  describeOnLinux('that would take all memory', paper);
});

function paper() {
  let stage: Stage;
  beforeAll(async () => {
    const services = ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'invoice-fetch'] as const;
    stage = await openStage({ queue: 'redis', services: [...services] });
    await stage.addAccount('demo-sg');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  test('is refused with its reason, and all that invoice-fetch has started stays under 1 GiB meanwhile', async () => {
    const { pid } = stage.system.worker('invoice-fetch');
    const watch = watchMemoryOf(pid, { addUp: true });
    const order = async (invoice: object) =>
      (await stage.addOrders({ account: 'demo-sg', script: { invoice } }))[0] ?? 'none';
    const good = [await order({ kind: 'html', language: 'th' }), await order({})];
    const bombs = [];
    for (const bomb of Object.values(BOMBS)) bombs.push(await order(raw(bomb(), 'application/pdf')));
    bombs.push(await order(page(`<p>${'*'.repeat(5 * 1024 * 1024)}`)));
    bombs.push(await order(page(`<table>${'<tr><td>1'.repeat(500_000)}`)));
    good.push(await order({ kind: 'html', language: 'vi' }), await order({}));
    for (const number of good) await stage.reaches(number, { invoice_status: 'fetched' }, 90_000);
    for (const number of bombs) await stage.reaches(number, { invoice_status: 'render_failed' }, 90_000);
    const used = await watch.stop();
    expect(used.together).toBeLessThan(1024);
  }, 240_000);
}
