/**
 * Who may what: one table, from which `sof migrate` grants and a test reads that no table was forgotten. Roles without a
 * login; an administrator makes logins that are members of them (`deploy/roles.sql`).
 */
export const ROLES = {
  /** What the triggers run as: whoever writes a host's table needs no right on ours. */
  definer: 'lazada_sof_definer',
  /** What removes runs as: no service may change an event. */
  retention: 'lazada_sof_retention',
  /** Scheduler and workers. */
  services: 'lazada_sof_services',
  /** The HTTP API and the console, which strangers talk to. */
  api: 'lazada_sof_api',
  /** People and dashboards that look. */
  reader: 'lazada_sof_reader',
  /** The host's own programs: its tables, where we made them for it, and its way in to ours. */
  host: 'lazada_sof_host',
} as const;
export type Role = keyof typeof ROLES;

type Verb = 'select' | 'insert' | 'update' | 'delete';
/** Of a table: a verb with its columns, with all of them, or with all but some. */
type Columns = readonly string[] | 'all' | { readonly allBut: readonly string[] };
type Rights = Partial<Record<Verb, Columns>>;

const ACCOUNT_PLAIN = [
  ...['id', 'name', 'country', 'timezone', 'app_key', 'access_token_expires_at', 'refresh_token_expires_at'],
  ...['shipment_provider', 'delivery_type', 'sof_username', 'sof_token_expires_at', 'sof_token_life_seconds'],
  ...['sof_driver', 'sof_rts', 'auto_send_not_delivered', 'invoice_path_template', 'enabled', 'status'],
  ...['status_reason', 'secrets_set_at', 'consent_state_at'],
] as const;
/** What a person may set; the rest is written by the services and by triggers. */
const ACCOUNT_SET = [
  ...['country', 'timezone', 'app_key', 'app_secret', 'access_token', 'access_token_expires_at', 'refresh_token'],
  ...['refresh_token_expires_at', 'shipment_provider', 'delivery_type', 'sof_username', 'sof_password', 'sof_driver'],
  ...['sof_rts', 'auto_send_not_delivered', 'invoice_path_template', 'enabled', 'status', 'status_reason'],
  ...['consent_state', 'consent_state_at', 'consent_code'],
] as const;
/** What a sign-in and a refresh write besides. */
const TOKENS = ['sof_token', 'sof_token_expires_at', 'sof_token_life_seconds', 'secrets_set_at'] as const;
const HOST_ORDER = [
  ...['id', 'account_id', 'order_number', 'tool_status', 'update_shipping', 'tracking_number'],
  ...['created_at', 'updated_at'],
] as const;
const HOST_ITEM = ['id', 'order_id', 'order_item_id', 'sku', 'tracking_number'] as const;

/** Of orders of those who have no host system, which come over HTTP. */
const MADE_ORDER = ['account_id', 'order_number', 'tool_status', 'update_shipping', 'created_at'] as const;
const MADE_ITEM = ['order_id', 'order_item_id', 'sku'] as const;

/** The columns by which a host gives instructions. */
export const WAY_IN = [
  ...['update_delivered', 'delivered_at', 'update_not_delivered', 'not_delivered_at', 'not_delivered_reason'],
  ...['shipped_at', 'carrier', 'carrier_tracking_number'],
] as const;

const ALL = { select: 'all', insert: 'all', update: 'all', delete: 'all' } as const satisfies Rights;
const READ = { select: 'all' } as const satisfies Rights;
/** Events are only ever added. */
const APPEND = { select: 'all', insert: 'all' } as const satisfies Rights;
/** An attempt is what it is; only what became of it is written later. */
const ATTEMPT = {
  ...APPEND,
  update: ['outcome', 'closed_at', 'http_status', 'answer', 'request_id'],
} as const satisfies Rights;
/** To whichever order a row belongs it goes on to belong, and with it whatever hangs on it. */
const KEYS = { allBut: ['id', 'order_id', 'package_id'] } as const;
const NO_DELETE = { select: 'all', insert: 'all', update: KEYS } as const satisfies Rights;

const WRITE_ORDER = {
  select: HOST_ORDER,
  update: ['update_shipping', 'tool_status', 'tracking_number'],
} as const satisfies Rights;

const REMOVE_INVOICES = {
  select: [
    ...['id', 'order_id', 'doc_type', 'part', 'revision', 'created_at', 'uploaded_at', 'recheck_at', 'pdf_sha256'],
    ...['source', 'pdf', 'removed_at', 'restored_at'],
  ],
  update: ['source', 'pdf', 'source_bytes', 'pdf_bytes', 'removed_at'],
} as const satisfies Rights;

const ours = (services: Rights, api: Rights = services, reader: Rights = READ) => ({ services, api, reader });

export const RIGHTS: Readonly<Record<string, Partial<Record<Role, Rights>>>> = {
  'account.lazada': {
    definer: { select: ['id', 'delivery_type'] },
    // All, since a check reads the row's version, which is no column.
    services: { select: 'all', update: [...ACCOUNT_SET, ...TOKENS] },
    api: { select: [...ACCOUNT_PLAIN, 'app_secret'], insert: ['name', 'enabled'], update: ACCOUNT_SET },
    reader: { select: ACCOUNT_PLAIN },
    host: ALL,
  },
  'public.orders': {
    definer: { select: ['id', 'account_id', 'update_shipping', 'tool_status'] },
    ...ours(WRITE_ORDER, { ...WRITE_ORDER, insert: MADE_ORDER }, { select: HOST_ORDER }),
    host: ALL,
  },
  'public.order_items': {
    ...ours(
      { select: HOST_ITEM, update: ['tracking_number'] },
      { select: HOST_ITEM, insert: MADE_ITEM, update: ['tracking_number', 'sku'] },
      { select: HOST_ITEM },
    ),
    host: ALL,
  },
  'public.marketplace_manifests': ours(NO_DELETE, READ),
  'public.order_lazada': {
    definer: { select: 'all', insert: 'all', update: 'all' },
    ...ours(NO_DELETE),
    host: { select: 'all', update: WAY_IN },
  },
  'public.order_lazada_package': {
    definer: { select: ['order_id', 'not_delivered_at', 'not_delivered_sent_at'] },
    ...ours(NO_DELETE),
    host: READ,
  },
  'public.order_lazada_step': { definer: { select: ['order_id', 'step', 'error_code'] }, ...ours(ALL), host: READ },
  'public.order_lazada_attempt': { ...ours(ATTEMPT), host: READ },
  'public.order_lazada_document': { retention: REMOVE_INVOICES, ...ours(NO_DELETE) },
  'public.order_lazada_event': {
    definer: { insert: 'all' },
    retention: { select: ['id', 'at', 'data'], update: ['data'] },
    ...ours(APPEND),
    host: READ,
  },
  'public.lazada_retention': ours(NO_DELETE, READ),
  'public.lazada_daily_job': ours(NO_DELETE),
  'public.order_lazada_index': ours(NO_DELETE, READ),
  'public.lazada_carrier': ours(NO_DELETE, READ),
  'public.lazada_carrier_day': ours(NO_DELETE, READ),
  'public.lazada_backfill_run': ours(NO_DELETE, READ),
  'public.order_lazada_backfill': ours(READ),
  'public.import_file': {
    retention: {
      select: ['id', 'status', 'created_at', 'finished_at', 'removed_at', 'removed_to'],
      update: ['removed_at', 'removed_to'],
    },
    ...ours(ALL),
  },
  'public.import_chunk': {
    retention: { select: ['import_id', 'position'], delete: 'all' },
    ...ours(ALL, ALL, {}),
  },
  'public.import_error': {
    retention: { select: ['import_id', 'line', 'cells'], update: ['cells'] },
    ...ours(ALL),
  },
  'public.import_folder': ours(ALL, {}, READ),
  'public.import_watched_file': ours(ALL, {}, READ),
  'public.api_key': ours({}, NO_DELETE, {
    select: ['id', 'name', 'scopes', 'created_at', 'last_used_at', 'revoked_at', 'expires_at', 'replaced_at'],
  }),
  'public.idempotency_key': ours({}, ALL, {}),
  'public.lazada_push': ours({}, ALL, {}),
  'public.console_user': ours({}, ALL, { select: ['id', 'name', 'role', 'created_at'] }),
  'public.console_session': ours({}, ALL, {}),
  'public.sign_in_try': ours({}, ALL, {}),
  // Nobody chooses its number or its time.
  'public.audit_log': ours({}, { select: 'all', insert: { allBut: ['id', 'at'] } }, READ),
  // Which version a database is of, for whoever looks whether all is well.
  'public._prisma_migrations': ours(READ),
};

/** One verb on a table, with the columns for which it is; null: the whole table. */
export type TableRight = { readonly verb: Verb; readonly columns: readonly string[] | null };

/** What one role may on one table that has these columns; nothing where it has no right there. */
export function rightsOf(table: string, role: Role, columns: readonly string[]): TableRight[] {
  const rights = Object.entries(RIGHTS[table]?.[role] ?? {}) as [Verb, Columns][];
  return rights.flatMap(([verb, wanted]): TableRight[] => {
    if (wanted === 'all') return [{ verb, columns: null }];
    const granted = columns.filter((one) => ('allBut' in wanted ? !wanted.allBut.includes(one) : wanted.includes(one)));
    return granted.length > 0 ? [{ verb, columns: granted }] : [];
  });
}

/** `GRANT` for each of them. */
export const grantsOf = (table: string, role: Role, columns: readonly string[]): string[] =>
  rightsOf(table, role, columns).map(
    (right) =>
      `grant ${right.verb}${right.columns ? ` (${right.columns.join(', ')})` : ''} on ${table} to ${ROLES[role]}`,
  );
