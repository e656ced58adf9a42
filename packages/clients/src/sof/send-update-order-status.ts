import type { Connections } from '../http/connections.ts';
import type { HttpRequest } from '../http/request.ts';
import { answerError } from './answer-error.ts';
import { LARGEST_ANSWER } from './authenticate.ts';

export type OrderStatusUpdate = {
  readonly status: 'shipped' | 'delivered' | 'not_delivered';
  readonly trackingNumber: string;
  /** When it happened; told in whole seconds of UTC. */
  readonly occurredAt: Date;
};

/** The module is asked again about a post of unknown outcome 30 s after its start: by then it must be over. */
const POST_MS = 15_000;

/**
 * Reports one status of one parcel. Resolves with the status of the yes (202; any 2xx is one).
 * `signal` takes it back only as long as nothing has left, since a report given up half-way has an unknown outcome.
 * @throws one of `errors.ts`, whose `delivery` tells whether it was refused, never left, or may have arrived
 */
export async function sendUpdateOrderStatus(
  connections: Connections,
  settings: { readonly baseUrl: string; readonly statusPath: string },
  token: string,
  update: OrderStatusUpdate,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<{ httpStatus: number }> {
  const request: HttpRequest = {
    method: 'POST',
    url: new URL(`${settings.baseUrl}${settings.statusPath}`),
    headers: { 'content-type': 'application/json', authorization: `JWT ${token}` },
    body: JSON.stringify({
      status: update.status,
      tracking_number: update.trackingNumber,
      timestamp: sofTimestamp(update.occurredAt),
    }),
    wholeMs: POST_MS,
    largestAnswer: LARGEST_ANSWER,
    signal,
    finishOnceSent: true,
  };
  const answer = await connections.send(request);
  const error = answerError(answer, request, [token]);
  if (error !== null) throw error;
  return { httpStatus: answer.status };
}

/** `YYYY-MM-DDTHH:MM:SS+00:00`, the form that the module takes. */
const sofTimestamp = (at: Date): string => `${at.toISOString().slice(0, 19)}+00:00`;
