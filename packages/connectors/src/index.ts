export { type AccountCheckParts, type AccountChecks, accountChecks, type CheckedAccount } from './account-checks.ts';
export { fleetDbs } from './fleet-dbs.ts';
export { fleetSofp, type SofpParts, type SofpSettings } from './fleet-sofp.ts';
export { invoiceTarget } from './invoice-target.ts';
export type { LazadaParts, LazadaSettings } from './lazada-calls.ts';
export { marketplaceLazada } from './marketplace-lazada.ts';
export type { RequestTold } from './watched.ts';
