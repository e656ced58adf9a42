/** DHL's "Shipment Tracking – Unified", as strict as the real one: its key, its parameters, 250 calls a day and one a second. */
import { type Answer, type Call, type Endpoint, jsonAnswer } from '../server/call.ts';
import { Refusal } from '../server/refusal.ts';
import type { DhlDesk } from './shipments.ts';

const KNOWN = [
  'trackingNumber',
  'service',
  'requesterCountryCode',
  'originCountryCode',
  'recipientPostalCode',
  'language',
  'offset',
  'limit',
];

type Now = () => number;

export function dhlTrack(desk: DhlDesk, now: Now): Endpoint {
  return {
    api: 'dhl',
    name: 'dhl/track',
    accountOf: () => null,
    handle: (call) => {
      try {
        return jsonAnswer(200, track(call, desk, now()));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        call.refused.push({ reason: error.reason, asked: error.asked });
        return problem(error, desk);
      }
    },
  };
}

/** In the order in which DHL's gateway looks: who asks, how often, and only then what. */
function track(call: Call, desk: DhlDesk, now: number): object {
  const key = call.headers['dhl-api-key'];
  if (!key || (desk.rules.key !== null && key !== desk.rules.key))
    throw new Refusal('wrong_authorization', '401', 'Unauthorized for given resource.', { asked: desk.isScripted });
  if (!desk.lets(now)) throw new Refusal('rate_limited', '429', TOO_MANY, { asked: desk.isScripted });
  const unknown = [...call.query.keys()].find((name) => !KNOWN.includes(name));
  if (unknown) throw new Refusal('unknown_parameter', '400', `${unknown} is not known`);
  const language = call.query.get('language');
  if (language !== null && !/^[a-z]{2}$/i.test(language))
    throw new Refusal('bad_parameter', '400', `${language} is no language`);
  const number = call.query.get('trackingNumber');
  if (!number) throw new Refusal('missing_parameter', '400', 'Missing query parameter trackingNumber.');
  const answer = desk.knows(number);
  if (answer) return answer;
  throw new Refusal('unknown_tracking_number', '404', 'No shipment with given tracking number found.', { asked: true });
}

const TOO_MANY = 'Too many requests within defined time period, please try again later.';
const TITLES: Readonly<Record<string, string>> = {
  '400': 'Bad Request',
  '401': 'Unauthorized',
  '404': 'No result found',
  '429': 'Too Many Requests',
};

function problem({ code, message }: Refusal, { rules }: DhlDesk): Answer {
  const status = Number(code);
  const wait = status === 429 && rules.retryAfter !== null ? { 'retry-after': rules.retryAfter } : {};
  const headers = { 'content-type': 'application/problem+json', 'content-language': 'en', ...wait };
  return jsonAnswer(status, { title: TITLES[code], status, detail: message }, headers);
}
