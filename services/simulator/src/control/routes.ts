/** The control API: how tests and scripts set the scene, break things, and see what happened. Listed on the page at `/`. */
import type { FastifyInstance } from 'fastify';
import type { DhlDesk } from '../dhl/shipments.ts';
import type { FileTargets } from '../file-targets/targets.ts';
import type { Pusher } from '../push/pusher.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { accountCalls } from './accounts.ts';
import type { ControlCall } from './call.ts';
import { faultCalls, fileFaultCalls } from './faults.ts';
import { orderCalls } from './orders.ts';
import { simulationCalls } from './simulation.ts';

export type ControlledParts = {
  readonly state: SimulatorState;
  readonly dhl: DhlDesk;
  readonly pusher: Pick<Pusher, 'sent'>;
  readonly files: Pick<FileTargets, 'ftp' | 'sftp'>;
};

export function controlCalls({ state, dhl, pusher, files }: ControlledParts): readonly ControlCall[] {
  return [
    ...accountCalls(state),
    ...orderCalls(state),
    ...simulationCalls(state, dhl, pusher),
    ...faultCalls(state),
    ...fileFaultCalls(files),
  ];
}

export function controlRoutes(app: FastifyInstance, calls: readonly ControlCall[]): void {
  for (const { method, url, handle } of calls)
    app.route<{ Params: { name?: string }; Querystring: Record<string, string> }>({
      method,
      url,
      handler: ({ params, query, body }) => handle({ name: params.name ?? '', query, body }),
    });
}
