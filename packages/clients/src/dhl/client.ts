/** DHL's "Shipment Tracking – Unified": what it knows of a number. */

import { type Connections, openConnections } from '../http/connections.ts';
import type { ClientError } from '../http/errors.ts';
import { excerptOf } from '../http/excerpt.ts';
import { parseJson } from '../http/json.ts';
import { factsOf, type HttpAnswer, type HttpRequest } from '../http/request.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import {
  DhlKeyRefusedError,
  DhlQuestionRefusedError,
  DhlTooManyRequestsError,
  DhlUnavailableError,
  DhlUnreadableError,
} from './errors.ts';
import { type DhlShipment, TrackedAnswer } from './tracked.ts';

export type DhlSettings = { readonly baseUrl: string; readonly apiKey: string };

export type DhlClient = {
  /**
   * The shipments that DHL's answer to a number holds, others than that number's too; none where it does not know it.
   * @throws one of `errors.ts`, or what any request may throw
   */
  track(trackingNumber: string, call?: { signal?: AbortSignal | undefined }): Promise<readonly DhlShipment[]>;
  /** Ends the kept connections. */
  close(): void;
};

const WHOLE_MS = 15_000;
/** A parcel with hundreds of events has some hundred kilobytes. */
const LARGEST_ANSWER = 5 * 1024 * 1024;

/** A client with its own kept connections: close it when it is not needed any more. */
export function openDhlClient(settings: DhlSettings, connections: Connections = openConnections()): DhlClient {
  return {
    track: (trackingNumber, { signal } = {}) => track(connections, settings, trackingNumber, signal),
    close: connections.close,
  };
}

async function track(
  connections: Connections,
  { baseUrl, apiKey }: DhlSettings,
  trackingNumber: string,
  signal: AbortSignal | undefined,
): Promise<readonly DhlShipment[]> {
  const url = new URL(`${baseUrl}/track/shipments`);
  // Its words are read for one thing, whether a parcel goes back, and in this language.
  url.search = String(new URLSearchParams({ trackingNumber, language: 'en' }));
  const request: HttpRequest = {
    method: 'GET',
    url,
    headers: { 'dhl-api-key': apiKey, accept: 'application/json' },
    wholeMs: WHOLE_MS,
    largestAnswer: LARGEST_ANSWER,
    signal,
  };
  const answer = await connections.send(request);
  const tell = teller(answer, request, apiKey);
  if (answer.status === 200) return shipmentsIn(answer, tell);
  if (answer.status === 404 && isProblem(answer)) return [];
  throw refusal(answer, tell);
}

type Tell = { readonly words: string; readonly facts: ConstructorParameters<typeof DhlUnreadableError>[1] };

function teller({ status, body }: HttpAnswer, request: HttpRequest, apiKey: string): Tell {
  const excerpt = excerptOf(body, [apiKey]);
  return { words: `answered ${status}`, facts: { request: factsOf(request), httpStatus: status, excerpt } };
}

function shipmentsIn(answer: HttpAnswer, { words, facts }: Tell): readonly DhlShipment[] {
  const { data, success } = TrackedAnswer.safeParse(json(answer));
  if (success) return data.shipments;
  throw new DhlUnreadableError(`${words} and nothing that tracking answers; is DHL_API_URL right?`, facts);
}

/** In DHL's own words, not those of a wrong address or of something in between. */
const isProblem = (answer: HttpAnswer): boolean => {
  const said = json(answer);
  return typeof said === 'object' && said !== null && ('title' in said || 'detail' in said);
};

function refusal(answer: HttpAnswer, { words, facts }: Tell): ClientError {
  const { status, headers } = answer;
  if (status === 401 || status === 403) return new DhlKeyRefusedError(`${words}: it refuses DHL_API_KEY`, facts);
  if (status === 404) return new DhlUnreadableError(`${words} and not in DHL's words; is DHL_API_URL right?`, facts);
  if (status === 429) {
    const asked = retryAfterMs(headers['retry-after'], new Date());
    return new DhlTooManyRequestsError(`${words}: too many calls`, { ...facts, retryAfterMs: asked });
  }
  if ((status === 400 || status === 422) && isProblem(answer)) return new DhlQuestionRefusedError(words, facts);
  if (status >= 300) return new DhlUnavailableError(words, facts);
  return new DhlUnreadableError(words, facts);
}

/** Null for what is no JSON. */
function json({ body }: HttpAnswer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return null;
  }
}
