import { type OrderView, viewOrder } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { explainHint } from './explain-hint.ts';
import { throwNotFound } from './find-order.ts';

export function orderShowCommand(order: Command): void {
  const command = order
    .command('show')
    .argument('<account>')
    .argument('<order-number>')
    .description('state, packages, documents and what happened')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { json = false }: { json?: boolean }) => {
      const shown = await withDb(
        readConfig(['database']),
        async (db) => (await viewOrder(db, account, orderNumber)) ?? throwNotFound(db, account, orderNumber),
      );
      const print = printer(json);
      for (const line of describeOrder(shown)) print.text(line);
      print.json(shown);
    });
  withExample(command, 'demo-sg 400100000214683');
}

function describeOrder(shown: OrderView): string[] {
  const { account, orderNumber, status, holdReason, blockedStep, lastError, invoiceStatus, nextAttemptAt } = shown;
  const stopped = [...(holdReason ? [`held: ${holdReason}`] : []), ...(blockedStep ? [`blocked: ${blockedStep}`] : [])];
  return [
    [`${account}/${orderNumber}: ${status}`, ...stopped].join(', '),
    ...(lastError ? [`last error: ${lastError.code ?? 'no code'}: ${lastError.message}`] : []),
    ...shown.explain.flatMap(({ check, detail }) => (check === 'ship_by' ? [detail] : [])),
    `invoice: ${invoiceStatus}; next look: ${nextAttemptAt ?? 'none'}`,
    ...shown.packages.map(
      ({ packageId, state, trackingNumber }) =>
        `package ${packageId}: ${state}, tracking number ${trackingNumber ?? 'not known yet'}`,
    ),
    ...shown.documents.map(
      ({ part, revision, path, uploadedAt, removedAt }) =>
        `invoice part ${part} revision ${revision}: ${path ?? 'no path yet'}, ${uploadedAt ? `uploaded ${uploadedAt}` : 'not uploaded yet'}${removedAt ? `, removed here ${removedAt}` : ''}`,
    ),
    ...shown.manifests.map(
      ({ day, status, error }) => `manifest of ${day}: ${status ?? 'no status'}${error ? ` (${error})` : ''}`,
    ),
    ...shown.timeline.map(({ at, kind, source, data }) => `${at}  ${kind}  ${source}  ${JSON.stringify(data)}`),
    ...(stopped.length > 0 ? [`Why, and what to do: ${explainHint(account, orderNumber)}`] : []),
  ];
}
