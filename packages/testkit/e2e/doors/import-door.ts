/** A table of one row for each saying, uploaded as a clerk does. */
import { until } from '@lazada-sof/local';
import type { Stage } from '../stage.ts';
import type { Door, Update } from './door.ts';

const COLUMNS: Readonly<Record<string, keyof Update>> = {
  status: 'status',
  occurred_at: 'occurredAt',
  package_id: 'packageId',
  tracking_number: 'trackingNumber',
  carrier: 'carrier',
  carrier_tracking_number: 'carrierTrackingNumber',
  reason: 'reason',
};
/** The last of them makes each file another one: the same file twice has one effect. */
const HEADER = ['account', 'order_number', ...Object.keys(COLUMNS), 'note'].join();

let files = 0;

/** `settle`: what follows from what was said; a file leaves that to whoever takes the order up, which is at once. */
export function importDoor(stage: Stage, key: string, settle: (orderNumber: string) => Promise<void>): Door {
  const url = `${stage.system.url('api')}/v1/imports`;
  const headers = { authorization: `Bearer ${key}` };

  async function upload(text: string): Promise<string> {
    const body = new FormData();
    body.set('file', new Blob([text]), 'said.csv');
    const answer = await fetch(url, { method: 'POST', headers, body });
    if (answer.status !== 202) throw new Error(`POST /v1/imports answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { id: string }).id;
  }
  type View = { readonly status: string; readonly accepted: number; readonly refused: number };
  const viewOf = async (id: string) => (await (await fetch(`${url}/${id}`, { headers })).json()) as View;

  return {
    name: 'file',
    // A file says when everything happened, and releases nothing.
    can: ({ status, occurredAt }) => status === undefined || (status !== 'release' && occurredAt !== undefined),
    async say({ account, orderNumber }, update) {
      const cells = Object.values(COLUMNS).map((field) => update[field] ?? '');
      const id = await upload([HEADER, [account, orderNumber, ...cells, ++files].join(), ''].join('\n'));
      const isOver = async () => {
        const view = await viewOf(id);
        return !['received', 'running'].includes(view.status) && view;
      };
      const { status, accepted, refused } = await until(isOver, { what: `import ${id} is over`, withinMs: 20_000 });
      if (status !== 'done' || accepted + refused !== 1) throw new Error(`import ${id} is ${status}`);
      if (accepted === 1) await settle(orderNumber);
      return accepted === 1;
    },
  };
}
