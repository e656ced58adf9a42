export { type AccountChecks, accountChecks } from './account-checks.ts';
export { fleetDbs } from './fleet-dbs.ts';
export { fleetSofp, type SofpParts } from './fleet-sofp.ts';
export { invoiceTarget } from './invoice-target.ts';
export type { LazadaParts } from './lazada-calls.ts';
export { marketplaceLazada } from './marketplace-lazada.ts';
