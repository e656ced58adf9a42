export type { Access } from './access/access.ts';
export type { HeldKey, IdempotencyKeys, KeptAnswer, NamedRequest } from './access/idempotency-keys.ts';
export type { ApiKeyView } from './access/keys.ts';
export { loadPasswordRule, type PasswordRule, SHORTEST_PASSWORD } from './access/password-rule.ts';
export * from './access/roles.ts';
export type { NewSession } from './access/sessions.ts';
export type { SignIn } from './access/sign-in.ts';
export { siteBlock } from './access/site-block.ts';
export { nameMistake } from './access/user-name.ts';
export { PersonRefused, type UserView } from './access/users.ts';
export * from './accounts/account-fields.ts';
export { opened, openingOnly, SECRET_COLUMNS, type SecretField } from './accounts/account-secrets.ts';
export {
  AccountRefused,
  type AccountStore,
  type AccountToCheck,
  type AccountView,
  type SecretView,
} from './accounts/accounts.ts';
export type { AccountToSeal, SealedAccount, SealedWith, Sealing } from './accounts/sealing.ts';
export { parseKeys } from './accounts/secrets.ts';
export type { Act, ActorKind, Audit, AuditLine } from './audit/audit.ts';
export type { BackfillStanding, Backfills, BegunBackfill } from './backfills/backfills.ts';
export type { BackfillPiece } from './backfills/pieces.ts';
export type { AccountOfTheDay, DailyJobs } from './days/daily-jobs.ts';
export type { IndexFiles } from './days/index-files.ts';
export type { ListedIn, ManifestFile, ManifestKey, Manifests } from './days/manifests.ts';
export type { ImportError } from './imports/import-results.ts';
export type { BegunImport, ImportFileFacts, ImportRuns } from './imports/import-runs.ts';
export type { ImportForm, ImportStatus, ImportView } from './imports/import-view.ts';
export type { Imports, RunAnswer } from './imports/imports.ts';
export type { NewImport } from './imports/store-import.ts';
export { ImportLost, type TakingPiece } from './imports/take-piece.ts';
export { type ClockReading, type DatabaseStanding, inspectDatabase } from './migrate/inspect.ts';
export type { MigrationStanding } from './migrate/inspect-migrations.ts';
export type { MissingRight, RightsStanding } from './migrate/inspect-rights.ts';
export { migrate } from './migrate/migrate.ts';
export { type Db, openDb } from './open.ts';
export type { Allowance, Carriers, HeldOrders, StopReason } from './orders/carriers.ts';
export type { Claim } from './orders/claim.ts';
export type { Documents, FetchedWithin, UploadedDocuments, WaitingDocument } from './orders/documents.ts';
export type { Events } from './orders/events.ts';
export type { FindOrder, FoundOrder, OrderName } from './orders/find-orders.ts';
export type { Gauges } from './orders/gauges.ts';
export type { HostOrderAnswer, HostOrders } from './orders/host-orders.ts';
export type { HostRefused } from './orders/host-refused.ts';
export { CursorRefused, type OrderLine } from './orders/order-list.ts';
export type { OrderUpdates, UpdateAnswer, UpdateSender } from './orders/order-updates.ts';
export { type OrderView, viewOrder } from './orders/order-view.ts';
export type { App, Pushes } from './push/pushes.ts';
export type { Removed, Retention } from './retention/retention.ts';
export { explainDatabaseError } from './sql/explain-error.ts';
export { listen } from './sql/listen.ts';
export { isPassing } from './sql/pool.ts';
export { type FolderLook, LookLost, type StoredWatchedFile, type WatchedFolders } from './watch/watched-folders.ts';
