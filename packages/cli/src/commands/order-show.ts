import { explain, isActive } from '@lazada-sof/orders';
import type { Command } from 'commander';
import { printer } from '../output.ts';
import { withDb } from '../tools.ts';
import { findOrder } from './find-order.ts';

export function orderShowCommands(order: Command): void {
  order
    .command('show')
    .argument('<account>')
    .argument('<order-number>')
    .description('state, packages, documents and what happened')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { json = false }: { json?: boolean }) => {
      const { loaded, timeline } = await withDb(async (db) => {
        const loaded = await findOrder(db, account, orderNumber);
        return { loaded, timeline: await db.events.ofOrder(loaded.order.orderId) };
      });
      const print = printer(json);
      const { packages, documents, summary, nextAttemptAt } = loaded.order;
      const holdReason = isActive(loaded.order) ? summary.holdReason : 'account_blocked';
      print.text(
        `${account}/${orderNumber}: ${summary.status}${holdReason ? `, held: ${holdReason}` : ''}${summary.blockedStep ? `, blocked: ${summary.blockedStep}` : ''}`,
      );
      print.text(`invoice: ${summary.invoiceStatus}; next look: ${nextAttemptAt?.toISOString() ?? 'none'}`);
      for (const pack of packages)
        print.text(
          `package ${pack.packageId}: ${pack.state}, tracking number ${pack.trackingNumber ?? 'not known yet'}`,
        );
      for (const document of documents)
        print.text(
          `document ${document.part}.${document.revision}: ${document.path ?? ''} ${document.uploadedAt ? `uploaded ${document.uploadedAt.toISOString()}` : 'not uploaded yet'}`,
        );
      for (const { at, kind, source, data } of timeline)
        print.text(`${at.toISOString()}  ${kind}  ${source}  ${JSON.stringify(data)}`);
      print.json({
        account,
        orderNumber,
        ...summary,
        holdReason,
        nextAttemptAt,
        packages,
        documents,
        timeline,
        explain: explain(loaded.order, loaded.now),
      });
    });

  order
    .command('explain')
    .argument('<account>')
    .argument('<order-number>')
    .description('why was this not sent?')
    .option('--all', 'also the checks that passed')
    .option('--json', 'for machines')
    .action(
      async (
        account: string,
        orderNumber: string,
        { all = false, json = false }: { all?: boolean; json?: boolean },
      ) => {
        const { order: found, now } = await withDb((db) => findOrder(db, account, orderNumber));
        const checks = explain(found, now);
        const print = printer(json);
        const failing = checks.filter(({ ok }) => !ok);
        for (const { check, ok, detail, fix } of all ? checks : failing)
          print.text(`${ok ? 'ok ' : 'NO '} ${check}: ${detail}${fix && !ok ? `\n    → ${fix}` : ''}`);
        if (failing.length === 0) print.text(`Nothing stops ${account}/${orderNumber}. ${checks.at(-1)?.detail ?? ''}`);
        print.json(checks);
      },
    );
}
