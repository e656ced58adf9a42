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

/** In letters as PostgreSQL and JSON Schema count them: one beyond U+FFFF is one. */
export const isLonger = (text: string, longest: number): boolean => text.length > longest && [...text].length > longest;
