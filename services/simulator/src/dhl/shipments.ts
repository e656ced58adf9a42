/** What DHL knows of a parcel: what the control API said of its number. */
export const DHL_CODES = ['pre-transit', 'transit', 'delivered', 'failure', 'unknown'] as const;
export type Shipment = { id: string; statusCode: (typeof DHL_CODES)[number]; timestamp: string };
