/** Control calls about everything at once: behaviour, clock, counts, requests, a new beginning. */
import type { Shipment } from '../dhl/shipments.ts';
import type { Pusher } from '../push/pusher.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { type ControlCall, type ControlRequest, limitOf, parseBody } from './call.ts';
import { BehaviourBody, ClockBody, ResetBody, ShipmentBody } from './schemas.ts';

export function simulationCalls(
  state: SimulatorState,
  shipments: Map<string, Shipment>,
  pusher: Pick<Pusher, 'sent'>,
): ControlCall[] {
  const changeBehaviour = ({ body }: ControlRequest) =>
    Object.assign(state.world.behaviour, parseBody(BehaviourBody, body));
  const requests = ({ query }: ControlRequest) => ({
    requests: state.requestLog.read({ ...query, limit: limitOf(query) }),
  });
  return [
    {
      method: 'GET',
      url: '/control/behaviour',
      description: 'what holds for all calls',
      handle: () => state.world.behaviour,
    },
    {
      method: 'POST',
      url: '/control/behaviour',
      description:
        'changes it: answerDelayMs, visibleAfterSeconds, manifest (pdf, html, 50008, 700040), limits, dialect, dates, pushUrl',
      handle: changeBehaviour,
    },
    {
      method: 'POST',
      url: '/control/clock',
      description: 'moves the clock of tokens and waits: {"advanceSeconds":60}',
      handle: ({ body }) => advance(state, body),
    },
    {
      method: 'POST',
      url: '/control/dhl',
      description: 'what DHL knows of a number',
      handle: ({ body }) => trackShipment(shipments, body),
    },
    {
      method: 'GET',
      url: '/control/pushes',
      description: 'the last messages that were pushed, and what was answered',
      handle: () => ({ pushes: pusher.sent }),
    },
    {
      method: 'GET',
      url: '/control/counts',
      description: 'calls, refusals, accepted statuses, batches, peaks',
      handle: () => state.counter.read(),
    },
    {
      method: 'GET',
      url: '/control/requests',
      description: 'the last requests without secrets (?call=&account=&limit=)',
      handle: requests,
    },
    {
      method: 'POST',
      url: '/control/reset',
      description: 'begins anew: {"seed":1}; {"only":"counts"} keeps accounts and orders',
      handle: ({ body }) => reset(state, shipments, body),
    },
  ];
}

function advance(state: SimulatorState, body: unknown) {
  state.world.clockOffsetMs += parseBody(ClockBody, body).advanceSeconds * 1000;
  return { now: new Date(state.world.now()).toISOString() };
}

function trackShipment(shipments: Map<string, Shipment>, body: unknown): Shipment {
  const { trackingNumber, statusCode, timestamp } = parseBody(ShipmentBody, body);
  const shipment = { id: trackingNumber, statusCode, timestamp };
  shipments.set(trackingNumber, shipment);
  return shipment;
}

function reset(state: SimulatorState, shipments: Map<string, Shipment>, body: unknown) {
  const { seed, only } = parseBody(ResetBody, body);
  state.counter.reset();
  state.requestLog.reset();
  state.faults.remove();
  if (only !== 'counts') {
    state.world.reset(seed);
    shipments.clear();
  }
  return { ok: true };
}
