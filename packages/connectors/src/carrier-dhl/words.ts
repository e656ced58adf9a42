/** DHL's words → ours, all of them. */
import type { CarrierCode } from '@lazada-sof/orders';

/** DHL's `statusCode`. One that has no row here, and none, moves nothing. */
const CODES: Readonly<Record<string, CarrierCode>> = {
  'pre-transit': 'announced',
  transit: 'transit',
  delivered: 'delivered',
  failure: 'failure',
  unknown: 'unknown',
};

/** Null where there is none. */
export function codeOf(statusCode: string | undefined): CarrierCode | null {
  const written = statusCode?.trim().toLowerCase() ?? '';
  if (written === '') return null;
  return Object.hasOwn(CODES, written) ? (CODES[written] ?? 'unknown') : 'unknown';
}

const GOES_BACK = /\b(?:returned|returning|on (?:its|the) way back)\b/i;
const TO_WHOM = /\b(?:sender|shipper)\b/i;
/** What will happen if something else does is no fact. */
const CONDITION = /\b(?:if|unless|otherwise|in case|should)\b/i;
const NOT_YET = /\b(?:may|might|can|cannot|could|would|not|never|until|within)\b|n['’]t\b/i;

/** Whether a text says, as a fact, that the parcel goes back to its sender. */
export const saysItGoesBack = (text: string | undefined): boolean =>
  (text ?? '')
    .split(/[.;!?\n]+/)
    .filter((sentence) => !CONDITION.test(sentence))
    .flatMap((sentence) => sentence.split(/,|:|\band\b|\bbut\b/i))
    .some((clause) => GOES_BACK.test(clause) && TO_WHOM.test(clause) && !NOT_YET.test(clause));
