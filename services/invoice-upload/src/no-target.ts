import { Failure } from '@lazada-sof/orders';

/** A setting that is missing is nobody's failure: looked at again in a day, by then somebody may have set it. */
export const noTarget = (what: string): Failure =>
  new Failure('rate-limited', `INVOICE_TARGET_URL is not set: ${what}`, {
    code: 'no_target',
    waitMs: 24 * 60 * 60 * 1_000,
  });
