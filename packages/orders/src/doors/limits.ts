/** How long the texts of an update may be, in letters, by whichever door they come. */
export const LONGEST = {
  account: 500,
  orderNumber: 100,
  packageId: 100,
  trackingNumber: 100,
  carrier: 50,
  carrierTrackingNumber: 100,
  reason: 1_000,
  requestId: 200,
} as const;

/** As PostgreSQL and JSON Schema count them: a letter beyond U+FFFF is one. */
export const lettersIn = (text: string): number => [...text].length;
