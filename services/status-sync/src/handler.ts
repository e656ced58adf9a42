/** One step of one order, done at the marketplace or the fleet. */
import { type OwedStep, quiet } from '@lazada-sof/orders';
import { type Perform, readItems, type StepContext } from '@lazada-sof/queue';
import type { Outside } from './outside.ts';
import { readyToShip } from './ready-to-ship.ts';
import { report } from './report.ts';

export function performStatusStep({ marketplace, fleets, onAccepted }: Outside): Perform {
  return async (step: OwedStep, context: StepContext) => {
    switch (step.step) {
      case 'ready_to_ship':
        return readyToShip(marketplace, context);
      case 'shipped':
      case 'delivered':
      case 'not_delivered':
        return report({ fleet: fleets[context.order.account.sofDriver], marketplace, onAccepted }, step, context);
      case 'confirm':
      case 'look':
        await readItems(marketplace, context, step.hurry ? {} : { priority: 'low' });
        return;
      case 'read_back':
        await readItems(marketplace, context);
        return;
      case 'settle':
        await context.change(quiet);
        return;
      case 'tracking':
      case 'invoice_fetch':
      case 'invoice_upload':
        throw new Error(`${step.step} is another worker's step`);
    }
  };
}
