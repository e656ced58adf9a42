/** One step of one order, done at the marketplace or the fleet. */
import { type OwedReport, type OwedStep, quiet } from '@lazada-sof/orders';
import { type Perform, readAndRecordItems, type StepContext } from '@lazada-sof/queue';
import type { Outside } from './outside.ts';
import { readyToShip } from './ready-to-ship.ts';
import { report } from './report.ts';

export function performStatusStep(outside: Outside): Perform {
  const { marketplace, fleets, notePacking, onAccepted } = outside;
  const reportStatus: PerformOne = (step, context) =>
    report(
      { fleet: fleets[context.order.account.sofDriver], marketplace, onAccepted },
      step as OwedReport, // what is owed of a status is a report
      context,
    );
  const read: PerformOne = (_step, context) => readAndRecordItems(marketplace, context);
  const readInTime: PerformOne = (step, context) =>
    readAndRecordItems(marketplace, context, 'hurry' in step ? {} : { priority: 'low' });
  const performers = {
    ready_to_ship: (_step, context) => readyToShip({ marketplace, notePacking }, context),
    shipped: reportStatus,
    delivered: reportStatus,
    not_delivered: reportStatus,
    confirm: readInTime,
    look: readInTime,
    read_back: read,
    settle: (_step, { change }) => change(quiet),
    tracking: anotherWorkers,
    invoice_fetch: anotherWorkers,
    invoice_upload: anotherWorkers,
    carrier_poll: anotherWorkers,
  } satisfies Record<OwedStep['step'], PerformOne>;
  return async (step, context) => {
    await performers[step.step](step, context);
  };
}

type PerformOne = (step: OwedStep, context: StepContext) => Promise<unknown>;

const anotherWorkers: PerformOne = async ({ step }) => {
  throw new Error(`${step} is another worker's step`);
};
