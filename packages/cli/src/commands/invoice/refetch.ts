/** Asks Lazada for an order's invoice now, also where there is one: another one becomes the next revision. */
import type { Db } from '@lazada-sof/db';
import { type DocumentFacts, findRow, isRecheck, type Order, plan } from '@lazada-sof/orders';
import type { JobReply } from '@lazada-sof/queue';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { sayWhile } from '../../terminal/progress.ts';
import { withDb, withQueue } from '../connections.ts';
import { nothingToDo } from '../order/explain-hint.ts';
import { findOrder } from '../order/find-order.ts';

/** A worker that runs has an answer long before. */
const PATIENCE_MS = 60_000;

export function invoiceRefetchCommand(invoice: Command): void {
  const command = invoice
    .command('refetch')
    .argument('<account>')
    .argument('<order-number>')
    .description('ask Lazada for its invoice now, also where there is one; another one becomes the next revision')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { json = false }: { json?: boolean }) => {
      const settings = readConfig(['database', 'queue']);
      const told = await withQueue(settings, (producer) =>
        withDb(settings, async (db) => {
          const before = await invoiceOwed(db, account, orderNumber);
          const data = { v: 1, orderId: before.orderId, force: true } as const;
          const reply = await sayWhile('waiting for the answer of invoice-fetch, a minute at most …', () =>
            producer.addAndWait({ name: 'fetch-invoice', data }, PATIENCE_MS),
          );
          return toldOf(reply, before, (await findOrder(db, account, orderNumber)).order);
        }),
      );
      const print = printer(json);
      for (const line of linesOf(told, `${account}/${orderNumber}`)) print.text(line);
      print.json({ account, orderNumber, ...told });
    });
  withExample(command, 'demo-sg 400100000214683');
}

/** @throws CommandFailed where nobody would ask Lazada for it */
async function invoiceOwed(db: Db, account: string, orderNumber: string): Promise<Order> {
  const { order, now } = await findOrder(db, account, orderNumber);
  const { owed } = plan(order, now, { force: true });
  if (!owed.some((step) => step.step === 'invoice_fetch' && !isRecheck(step)))
    throw nothingToDo('be asked for as an invoice', account, orderNumber);
  return order;
}

type Told = {
  /** `restored`: the same, whose bytes had been removed here. `waiting`: Lazada has none yet. `asked`: nobody has taken it up yet. */
  readonly became: 'fetched' | 'restored' | 'same' | 'waiting' | 'asked';
  readonly documents: readonly Pick<DocumentFacts, 'part' | 'revision' | 'path'>[];
  readonly why: string | null;
};

/** @throws CommandFailed with the words of what went wrong */
function toldOf(reply: JobReply, before: Order, after: Order): Told {
  const known = new Map(before.documents.map((document) => [document.documentId, document]));
  const documents = namesOf(after.documents.filter(({ documentId }) => !known.has(documentId)));
  const restored = after.documents.filter(
    ({ documentId, removedAt }) => removedAt === null && known.get(documentId)?.removedAt,
  );
  if (documents.length > 0) return { became: 'fetched', documents, why: null };
  if (restored.length > 0) return { became: 'restored', documents: namesOf(restored), why: null };
  if (reply.outcome === 'failed') throw new CommandFailed(reply.reason);
  if (reply.outcome === 'pending') return { became: 'asked', documents, why: null };
  const { error = null } = findRow(after, { step: 'invoice_fetch', ref: '' }) ?? {};
  return { became: error === null ? 'same' : 'waiting', documents, why: error };
}

const namesOf = (documents: readonly DocumentFacts[]): Told['documents'] =>
  documents.map(({ part, revision, path }) => ({ part, revision, path }));

function linesOf({ became, documents, why }: Told, about: string): string[] {
  switch (became) {
    case 'fetched':
      return documents.map(
        ({ part, revision, path }) =>
          `${about}: invoice part ${part} revision ${revision} is stored${path ? `, on its way to the target as ${path}` : ''}.`,
      );
    case 'restored':
      return documents.map(
        ({ part, revision, path }) =>
          `${about}: invoice part ${part} revision ${revision} is stored here again; it is what was uploaded as ${path}.`,
      );
    case 'same':
      return [`${about}: Lazada has the invoice that is stored already, nothing is written.`];
    case 'waiting':
      return [`${about}: not there yet, it is asked for again by itself: ${why}`];
    case 'asked':
      return [`${about}: asked for; invoice-fetch asks Lazada as soon as it runs.`];
  }
}
