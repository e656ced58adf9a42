export * from './client.ts';
export * from './errors.ts';
export type { DhlEvent, DhlShipment } from './tracked.ts';
