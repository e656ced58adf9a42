/**
 * The whole story, told once per queue: from "ready to ship" in the host's table to "delivered" at Lazada, confirmed, and
 * the invoice on the target. And once per target.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FileServer } from '../src/file-servers/file-server.ts';
import { realServer } from '../src/file-servers/real-servers.ts';
import { startStandIn } from '../src/file-servers/stand-ins.ts';
import { leaveOut } from '../src/servers/left-out.ts';
import { describeOnEachQueue } from '../src/servers/suites.ts';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const DOCUMENTS =
  'select d.* from public.order_lazada_document d join public.orders o on o.id = d.order_id where o.order_number = $1';
const EVENTS =
  'select e.kind from public.order_lazada_event e join public.orders o on o.id = e.order_id where o.order_number = $1 order by e.id';

const expectUntroubled = async (stage: Stage) => {
  const { refusals, duplicates, endedWithoutShipped } = await stage.lazada.counts();
  expect({ refusals, duplicates, endedWithoutShipped }).toEqual({
    refusals: {},
    duplicates: 0,
    endedWithoutShipped: 0,
  });
};

await describeOnEachQueue('the life of an order', (queue) => {
  let stage: Stage;
  let number = '';
  beforeAll(async () => {
    stage = await openStage({ queue, services: ORDER_SERVICES });
    await stage.addAccount('demo-sg');
    [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 2, script: { trackingAfterSeconds: 2 } });
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  test('marked ready, it is packed and ready to ship, and the flag goes back to 0', async () => {
    await stage.reaches(number, { update_shipping: 0, state: 'ready_to_ship' });
  }, 30_000);

  test('its tracking number comes late, is fetched on its ladder, and shipped is sent', async () => {
    await stage.timePasses(number);
    const row = await stage.reaches(number, { state: 'shipped', status: 'shipped' }, 45_000);
    const [parcel] = (await stage.lazada.order(number)).packages;
    expect(row.tracking_number).toBe(parcel?.trackingNumber);
    expect(await stage.lazada.statuses(number)).toEqual([['shipped']]);
  }, 60_000);

  test('a flag in SQL is all it takes to be delivered, at the time of the event', async () => {
    await stage.deliver(number);
    const row = await stage.reaches(number, { state: 'delivered', update_delivered: 0, status: 'delivered' });
    expect(row.delivered_sent_at).not.toBeNull();
    const [parcel] = (await stage.lazada.order(number)).packages;
    expect(parcel?.accepted.map(({ status }) => status)).toEqual(['shipped', 'delivered']);
    const reported = Date.parse(String(parcel?.accepted[1]?.timestamp));
    expect(Math.abs(reported - (row.package_delivered_at as Date).getTime())).toBeLessThan(1_000);
  }, 30_000);

  test('its invoice lies on the target as a PDF, under its name', async () => {
    await stage.reaches(number, { invoice_status: 'uploaded' }, 45_000);
    const [document] = await stage.sql(DOCUMENTS, [number]);
    expect(document?.path).toMatch(new RegExp(`^SG/\\d{4}/\\d{2}/INV_SG_demo-sg_${number}\\.pdf$`));
    const file = readFileSync(join(stage.system.dir, 'invoices', String(document?.path)));
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
    expect(file.equals(document?.pdf as Buffer)).toBe(true);
  }, 60_000);

  test('a read confirms it, and the timeline tells all', async () => {
    await stage.reaches(number, { package_confirmed: true }, 45_000);
    expect((await stage.order(number)).confirmed_at).not.toBeNull();
    const kinds = (await stage.sql(EVENTS, [number])).map(({ kind }) => kind);
    for (const kind of [
      'ready_to_ship',
      'tracking_known',
      'status_sent',
      'status_accepted',
      'flag_set',
      'status_confirmed',
      'invoice_fetched',
      'invoice_uploaded',
    ])
      expect(kinds).toContain(kind);
  }, 60_000);

  test('nothing was refused, doubled or skipped on the way', () => expectUntroubled(stage));
});

const PROTOCOLS = [
  { protocol: 'sftp', name: 'OpenSSH', standIn: 'sftp' },
  { protocol: 'ftps', name: 'vsftpd with TLS', standIn: 'ftp' },
  { protocol: 'ftp', name: 'vsftpd', standIn: 'ftp' },
] as const;

describe.each(PROTOCOLS)('an invoice goes to $name', ({ protocol, name, standIn }) => {
  let stage: Stage;
  let target: FileServer;
  beforeAll(async () => {
    const real = realServer(protocol);
    if ('missing' in real)
      leaveOut({
        what: `an invoice goes to ${name} (a stand-in took its place)`,
        why: real.missing,
        remedy: 'as root: apt-get install vsftpd openssh-server',
      });
    target = 'start' in real ? await real.start() : await startStandIn(standIn);
    stage = await openStage({
      queue: 'postgres',
      services: ORDER_SERVICES,
      env: { INVOICE_TARGET_URL: target.url.href },
    });
    await stage.addAccount('demo-th', { country: 'TH' }, { country: 'TH' });
  }, 60_000);
  afterAll(async () => {
    await stage?.close();
    await target?.close();
  }, 60_000);

  test('made from a Thai web page, whole and under its name', async () => {
    const [number = ''] = await stage.addOrders({
      account: 'demo-th',
      items: 1,
      script: { invoice: { kind: 'html', language: 'th' } },
    });
    await stage.reaches(number, { invoice_status: 'uploaded' }, 60_000);
    const [document] = await stage.sql(DOCUMENTS, [number]);
    expect(readFileSync(join(target.folder, String(document?.path))).equals(document?.pdf as Buffer)).toBe(true);
    await expectUntroubled(stage);
  }, 90_000);
});
