/**
 * Every step that is planned, in the order in which it is done: what `plan`, `explain` and `normalize` walk. A read-back
 * comes first, since what was sent must be known before anything else of its package is; a look last, since it depends on
 * what is held.
 */
import type { StepName } from '../../model/order.ts';
import { carrierPoll } from './carrier-poll.ts';
import { confirm } from './confirm.ts';
import { delivered, notDelivered } from './ends.ts';
import { invoiceFetch } from './invoice-fetch.ts';
import { invoiceUpload } from './invoice-upload.ts';
import { look } from './look.ts';
import { readBack } from './read-back.ts';
import { readyToShip } from './ready-to-ship.ts';
import { shipped } from './shipped.ts';
import type { Step } from './step.ts';
import { tracking } from './tracking.ts';

export const CATALOG = {
  read_back: readBack,
  ready_to_ship: readyToShip,
  tracking,
  shipped,
  delivered,
  not_delivered: notDelivered,
  confirm,
  invoice_fetch: invoiceFetch,
  invoice_upload: invoiceUpload,
  carrier_poll: carrierPoll,
  look,
} as const satisfies Record<StepName | 'read_back', Step>;

export const STEPS: readonly Step[] = Object.values(CATALOG);
