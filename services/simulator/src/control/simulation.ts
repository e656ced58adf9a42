/** Control calls about everything at once: behaviour, clock, counts, requests, a new beginning. */
import type { Shipment } from '../dhl/shipments.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { type Asked, type ControlCall, limitOf, read } from './call.ts';
import { BehaviourBody, ClockBody, ResetBody, ShipmentBody } from './schemas.ts';

export function sceneCalls(state: SimulatorState, shipments: Map<string, Shipment>): ControlCall[] {
  const behave = ({ body }: Asked) => Object.assign(state.world.behaviour, read(BehaviourBody, body));
  const requests = ({ query }: Asked) => ({ requests: state.requestLog.read({ ...query, limit: limitOf(query) }) });
  return [
    { method: 'GET', url: '/control/behaviour', does: 'what holds for all calls', handle: () => state.world.behaviour },
    {
      method: 'POST',
      url: '/control/behaviour',
      does: 'changes it: answerDelayMs, visibleAfterSeconds, limits, dialect, dates',
      handle: behave,
    },
    {
      method: 'POST',
      url: '/control/clock',
      does: 'moves the clock of tokens and waits: {"advanceSeconds":60}',
      handle: ({ body }) => advance(state, body),
    },
    {
      method: 'POST',
      url: '/control/dhl',
      does: 'what DHL knows of a number',
      handle: ({ body }) => trackShipment(shipments, body),
    },
    {
      method: 'GET',
      url: '/control/counts',
      does: 'calls, refusals, accepted statuses, batches, peaks',
      handle: () => state.counter.read(),
    },
    {
      method: 'GET',
      url: '/control/requests',
      does: 'the last requests without secrets (?call=&account=&limit=)',
      handle: requests,
    },
    {
      method: 'POST',
      url: '/control/reset',
      does: 'begins anew: {"seed":1}; {"only":"counts"} keeps accounts and orders',
      handle: ({ body }) => reset(state, shipments, body),
    },
  ];
}

function advance(state: SimulatorState, body: unknown) {
  state.world.clockOffsetMs += read(ClockBody, body).advanceSeconds * 1000;
  return { now: new Date(state.world.now()).toISOString() };
}

function trackShipment(shipments: Map<string, Shipment>, body: unknown): Shipment {
  const { trackingNumber, statusCode, timestamp } = read(ShipmentBody, body);
  const shipment = { id: trackingNumber, statusCode, timestamp };
  shipments.set(trackingNumber, shipment);
  return shipment;
}

function reset(state: SimulatorState, shipments: Map<string, Shipment>, body: unknown) {
  const { seed, only } = read(ResetBody, body);
  state.counter.reset();
  state.requestLog.reset();
  state.faults.remove();
  if (only !== 'counts') {
    state.world.reset(seed);
    shipments.clear();
  }
  return { ok: true };
}
