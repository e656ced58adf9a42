/**
 * The way out of a step that was given up, by why it was: one sentence that says what to mend and what to do then. The code
 * decides where it is known; else the step, since a refusal of one step is mended elsewhere than that of another.
 */
import type { StepName } from '../../model/order.ts';
import { JOB_ATTEMPTS, RETRIES } from '../../model/schedules.ts';

const THEN = 'then release the order (order release)';

const BY_CODE: Readonly<Record<string, string>> = {
  missing: `ask Lazada why it has issued no invoice for 14 days, ${THEN}, which asks for it again`,
  unsupported: `where the reason names a host of Lazada's, add it to INVOICE_LINK_HOSTS, ${THEN}; else download the invoice from the Seller Center and file it by hand`,
  render_failed: `mend what the reason names (a missing renderer: PDF_RENDERER, it is drawn by itself then; a host: INVOICE_LINK_HOSTS), ${THEN}, or download the invoice from the Seller Center`,
  invoice_path: `correct the account's invoice_path_template so that it fits this order, ${THEN}`,
  status_mismatch:
    'look at the parcel in the Seller Center; order send posts the status again, order release takes over what Lazada shows',
  tracking_missing: `ask Lazada for the tracking number of the package, or pack it again in the Seller Center, ${THEN}`,
  package_unknown: `compare the tracking number with the Seller Center and ask Lazada why SOF does not know it, ${THEN}`,
  unknown: `see in the Seller Center whether the status arrived, ${THEN}, which sends it again where it did not`,
  '1007': 'have Lazada mark the order as delivered by seller, or withdraw: it is not delivered by your own fleet there',
  '700009':
    'have Lazada mark the order as delivered by seller, or withdraw: it is not delivered by your own fleet there',
  permission_denied: `let the target's login write below its base folder, ${THEN}`,
  path_refused: `write an invoice_path_template that the target's server takes, ${THEN}`,
  disk_full: `make room on the target, ${THEN}`,
  name_taken: `move the other files of that name away from the target, ${THEN}`,
};

const BY_STEP: Readonly<Record<StepName, string>> = {
  ready_to_ship: `see in the Seller Center why it cannot be packed or set ready to ship and mend that, or do it there by hand, ${THEN}`,
  tracking: `see in the Seller Center whether the package has a tracking number, ${THEN}`,
  shipped: `correct what the reason names (tracking number, time), ${THEN}`,
  delivered: `correct what the reason names (tracking number, time), ${THEN}; or withdraw`,
  not_delivered: `correct what the reason names (tracking number, time), ${THEN}; or withdraw`,
  confirm: `look at the parcel in the Seller Center, ${THEN}`,
  look: `see in the Seller Center whether the order exists under this number, ${THEN}; it is also read again daily`,
  invoice_fetch: `see in the Seller Center whether the order has an invoice, mend what the reason names, ${THEN}`,
  invoice_upload: `mend the target (INVOICE_TARGET_URL) as the reason says, ${THEN}`,
  carrier_poll: `compare the carrier's number with the carrier, ${THEN}`,
};

/** After so many tries it was given up because it never worked, not because it was refused. */
const MOST_TRIES = JOB_ATTEMPTS + RETRIES.later.length;

export function wayOut({
  step,
  errorCode,
  tries,
}: {
  step: StepName;
  errorCode: string | null;
  tries: number;
}): string {
  const code = errorCode ?? '';
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? BY_STEP[step];
  if (tries >= MOST_TRIES && !REFUSED.test(code))
    return `wait until the outside answers again (status pages, sof account test), ${THEN}`;
  return BY_STEP[step];
}

/** However often it was tried: the outside was there, and said no. */
const REFUSED = /^http_4/;

/** Codes with a sentence of their own. */
export const CODES_WITH_A_WAY_OUT = Object.keys(BY_CODE);
