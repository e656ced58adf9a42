export { type AccountChecks, accountChecks } from './account-checks/account-checks.ts';
export { invoiceTarget } from './file-target/invoice-target.ts';
export type { LazadaParts } from './lazada/calls.ts';
export { fleetDbs } from './lazada/fleet-dbs.ts';
export { marketplaceLazada } from './lazada/marketplace.ts';
export { fleetSofp, type SofpParts } from './sof/fleet-sofp.ts';
