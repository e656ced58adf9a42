/**
 * The way of every call to a simulated API: counted, written down, hit by a fault or not, answered. What was asked is
 * done when it arrives; an answer that is delayed, cut or lost comes after that, as at a real server.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer, Call, Endpoint } from './call.ts';
import { echoAnswer } from './echo.ts';
import { type Fault, faultAnswer, replaces } from './faults.ts';
import type { SimulatorState } from './simulator-state.ts';
import { reset, transmit } from './transmit.ts';

/** The handler of an endpoint's route. */
export function serve(state: SimulatorState, endpoint: Endpoint) {
  const underWay = new Set<string>();
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const call = openCall(endpoint, request);
    const key = endpoint.oneAtATime?.(call);
    if (key === undefined) return run(state, endpoint, call, reply);
    if (underWay.has(key)) state.counter.increment('overlapping');
    underWay.add(key);
    return run(state, endpoint, call, reply).finally(() => underWay.delete(key));
  };
}

async function run(state: SimulatorState, endpoint: Endpoint, call: Call, reply: FastifyReply): Promise<unknown> {
  const began = performance.now();
  const entry = state.requestLog.open(call, state.world.realNow(), call.account);
  state.counter.called(call, began);
  const fault = state.faults.take(call);
  if (fault) {
    state.counter.increment('faults');
    entry.fault = fault.id;
  }
  if (fault?.drop === 'before') {
    state.requestLog.close(entry, null, [], 0);
    return reset(reply);
  }
  const answer = await answerTo(state, endpoint, call, fault);
  state.counter.batch(call);
  for (const refused of call.refused) state.counter.refused(call, refused);
  state.requestLog.close(entry, answer, call.refused, performance.now() - began);
  await waitWhileConnected(reply, fault?.delayMs ?? state.world.behaviour.answerDelayMs);
  return transmit(reply, answer, fault);
}

function openCall(endpoint: Endpoint, request: FastifyRequest): Call {
  const call: Call = {
    api: endpoint.api,
    name: endpoint.name,
    method: request.method,
    query: new URLSearchParams(request.url.split('?').slice(1).join('?')),
    headers: request.headers,
    body: typeof request.body === 'string' ? request.body : '',
    origin: `http://${request.headers.host ?? 'localhost'}`,
    account: null,
    elements: null,
    refused: [],
  };
  call.account = endpoint.accountOf(call);
  return call;
}

async function answerTo(
  { world }: SimulatorState,
  endpoint: Endpoint,
  call: Call,
  fault: Fault | undefined,
): Promise<Answer> {
  if (!fault || !replaces(fault)) return endpoint.handle(call);
  if (fault.processed) await endpoint.handle(call);
  const { echo, status = 200 } = fault;
  return echo ? echoAnswer(world, call, { echo, status }) : faultAnswer(fault);
}

async function waitWhileConnected(reply: FastifyReply, ms: number): Promise<void> {
  if (ms === 0) return;
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  await sleep(ms, undefined, { signal: gone.signal, ref: false }).catch(() => undefined);
}
