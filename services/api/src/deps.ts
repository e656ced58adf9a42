/** What the calls are given. `main.ts` hands in the database, the queue and the sessions. */
import type { Db } from '@lazada-sof/db';
import type { Producer } from '@lazada-sof/queue';
import type { Sessions } from './session.ts';

export type Deps = {
  db: Pick<
    Db,
    | 'accounts'
    | 'orders'
    | 'findOrder'
    | 'documents'
    | 'manifests'
    | 'events'
    | 'access'
    | 'updates'
    | 'hostOrders'
    | 'idempotencyKeys'
    | 'imports'
  >;
  addAndWait: Producer['addAndWait'];
  add: Producer['add'];
  sessions: Sessions;
};
