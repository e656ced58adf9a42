export { readServerDate } from '@lazada-sof/clients';
export {
  type AccountChecks,
  accountChecks,
  type CheckedAccount,
  tokenChecks,
} from './account-checks/account-checks.ts';
export { type ConsentCheck, consentCheck } from './account-checks/consent-check.ts';
export { carrierDhl } from './carrier-dhl/carrier-dhl.ts';
export { invoiceTarget } from './file-target/invoice-target.ts';
export { type TargetStep, type TargetTrial, targetMistakes, tryTarget } from './file-target/try-target.ts';
export { type DroppedFacts, type ImportFolder, importFolder, whyFolderAway } from './import-folder/import-folder.ts';
export { besideOthers, type LazadaCalls, openLazadaCalls } from './lazada/calls.ts';
export { fleetDbs } from './lazada/fleet-dbs.ts';
export { marketplaceLazada } from './lazada/marketplace.ts';
export { openSofCalls, type SofCalls } from './sof/calls.ts';
export { fleetSofp } from './sof/fleet-sofp.ts';
