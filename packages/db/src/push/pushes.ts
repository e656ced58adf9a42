/** What Lazada pushes: who may have signed it, whether it came before, and which orders it speaks of. */
import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { lookSoon, type Orders } from '@lazada-sof/orders';
import type pg from 'pg';
import { opened } from '../accounts/account-secrets.ts';
import type { KeyRing } from '../accounts/secrets.ts';

/** An app that may have signed a push. Its secret comes as what signs, and for nothing else: no log and no answer shows it. */
export type App = { readonly appKey: string; readonly signingKey: KeyObject };

export interface Pushes {
  /** Of enabled accounts, each once; an app whose secret cannot be opened is left out. */
  apps(): Promise<App[]>;
  cameBefore(appKey: string, sameAs: string): Promise<boolean>;
  remember(appKey: string, sameAs: string, forMs: number): Promise<void>;
  /** Deletes some that are old enough to be forgotten. */
  forget(): Promise<void>;
  /** The names of the app's enabled accounts. */
  accountsOf(appKey: string): Promise<string[]>;
  /** Orders of the app's enabled accounts with this number that were ever asked for. */
  ordersOf(appKey: string, orderNumber: string): Promise<string[]>;
  /** The order's items are read again soon. False: somebody has its rows locked. */
  wake(orderId: string): Promise<boolean>;
}

const APPS = `
  select distinct on (app_key, app_secret) id::text as "accountId", app_key as "appKey", app_secret as "appSecret"
    from account.lazada
   where enabled and app_key <> '' and app_secret <> ''
   order by app_key, app_secret, id`;

const ORDERS = `
  select l.order_id::text as id
    from account.lazada a
    join public.orders o on o.account_id = a.id and o.order_number = $2
    join public.order_lazada l on l.order_id = o.id and l.asked_at is not null
   where a.app_key = $1 and a.enabled and a.delivery_type = 'sof'`;

/** In one turn: more come with the next message. */
const FORGET = `
  delete from public.lazada_push
   where (app_key, message_sha256) in (
         select app_key, message_sha256 from public.lazada_push where until < now() order by until limit 500 for update skip locked)`;

/** `orders`: for changes from outside, which hand nothing on. */
export function openPushes(pool: pg.Pool, keys: KeyRing, orders: Pick<Orders, 'change'>): Pushes {
  return {
    async apps() {
      const { rows } = await pool.query<{ accountId: string; appKey: string; appSecret: string }>(APPS);
      const open = rows.flatMap(({ accountId, appKey, appSecret }): [string, App][] => {
        const plain = openedOrNull(keys, accountId, appSecret);
        return plain === null ? [] : [[`${appKey} ${plain}`, { appKey, signingKey: createSecretKey(plain, 'utf8') }]];
      });
      return [...new Map(open).values()];
    },
    async cameBefore(appKey, sameAs) {
      const { rowCount } = await pool.query(
        'select from public.lazada_push where app_key = $1 and message_sha256 = $2 and until > now()',
        [appKey, digest(sameAs)],
      );
      return rowCount === 1;
    },
    async remember(appKey, sameAs, forMs) {
      await pool.query(
        `insert into public.lazada_push (app_key, message_sha256, until) values ($1, $2, now() + $3 * interval '1 ms')
             on conflict (app_key, message_sha256) do update set until = excluded.until`,
        [appKey, digest(sameAs), forMs],
      );
    },
    async forget() {
      await pool.query(FORGET);
    },
    async accountsOf(appKey) {
      const { rows } = await pool.query<{ name: string }>(
        'select name from account.lazada where app_key = $1 and enabled order by name',
        [appKey],
      );
      return rows.map(({ name }) => name);
    },
    async ordersOf(appKey, orderNumber) {
      const { rows } = await pool.query<{ id: string }>(ORDERS, [appKey, orderNumber]);
      return rows.map(({ id }) => id);
    },
    async wake(orderId) {
      return (await orders.change(orderId, lookSoon)) !== 'busy';
    },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** An account whose key is gone must not keep the others' messages out. */
function openedOrNull(keys: KeyRing, accountId: string, stored: string): string | null {
  try {
    return opened(keys, accountId, 'appSecret', stored);
  } catch {
    return null;
  }
}
