export type { Access } from './access/access.ts';
export type { ApiKeyView } from './access/keys.ts';
export * from './access/roles.ts';
export type { NewSession } from './access/sessions.ts';
export type { SignIn } from './access/users.ts';
export * from './accounts/account-fields.ts';
export {
  AccountRefused,
  type AccountStore,
  type AccountToCheck,
  type AccountView,
  type SecretView,
} from './accounts/accounts.ts';
export { parseKeys } from './accounts/secrets.ts';
export type { AccountOfTheDay, DailyJobs } from './days/daily-jobs.ts';
export type { IndexFiles } from './days/index-files.ts';
export type { ListedIn, ManifestFile, ManifestKey, Manifests } from './days/manifests.ts';
export { migrate } from './migrate/migrate.ts';
export { type Db, openDb } from './open.ts';
export type { Allowance, Carriers, StopReason } from './orders/carriers.ts';
export type { Claim } from './orders/claim.ts';
export type { Documents, WaitingDocument } from './orders/documents.ts';
export type { Events } from './orders/events.ts';
export type { Gauges } from './orders/gauges.ts';
export { CursorRefused, type OrderLine } from './orders/order-list.ts';
export type { OrderUpdates, UpdateAnswer, UpdateSender } from './orders/order-updates.ts';
export { type OrderView, viewOrder } from './orders/order-view.ts';
export { explainDatabaseError } from './sql/explain-error.ts';
export { listen } from './sql/listen.ts';
export { isPassing } from './sql/pool.ts';
