/** Accounts as people see and set them, and as the services find, park and un-park them. */
import {
  type Account,
  type AccountStatus,
  type Accounts,
  type AccountVerdict,
  COUNTRIES,
  isUsable,
  SOF_DRIVERS,
  type TokenTimes,
  traitsOf,
} from '@lazada-sof/orders';
import type pg from 'pg';
import { refusedBy, withoutCollisions } from '../sql/pool.ts';
import type { Prisma, PrismaClient } from '../sql/prisma.ts';
import { type Transaction, transaction } from '../sql/transaction.ts';
import { wordsToKeep } from '../sql/words.ts';
import type { AccountInput, AccountPatch } from './account-fields.ts';
import { ACCOUNT_SELECT, ACTIVE, type AccountColumns, accountOf, TOKEN_TIMES } from './account-row.ts';
import { isSecret, SECRET_COLUMNS, type SecretField, sealed } from './account-secrets.ts';
import type { KeyRing } from './secrets.ts';

/** A secret is never shown, only whether and when it was set; `setAt` is null where that was before we kept it. */
export type SecretView = { readonly set: boolean; readonly setAt: Date | null };

export type AccountView = {
  readonly accountId: string;
  readonly name: string;
  readonly country: string | null;
  readonly timezone: string | null;
  readonly appKey: string | null;
  readonly appSecret: SecretView;
  readonly accessToken: SecretView;
  readonly refreshToken: SecretView;
  readonly accessTokenExpiresAt: Date | null;
  readonly refreshTokenExpiresAt: Date | null;
  readonly shipmentProvider: string | null;
  readonly deliveryType: string | null;
  readonly sofUsername: string | null;
  readonly sofPassword: SecretView;
  readonly sofDriver: string;
  readonly sofRts: string;
  readonly autoSendNotDelivered: boolean;
  readonly invoicePathTemplate: string | null;
  readonly enabled: boolean;
  readonly status: AccountStatus;
  readonly statusReason: string | null;
};

/** What was to be written contradicts what is there. Names the field, the fact and the way out. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';
  readonly field: string;
  constructor(field: string, message: string, cause: unknown) {
    super(message, { cause });
    this.field = field;
  }
}

export type AccountToCheck = {
  readonly accountId: string;
  /** Another one after each write of the row. */
  readonly version: string;
  /** Nothing is amiss yet: its token is good, and ends soon. */
  readonly canWait: boolean;
};

export interface AccountStore extends Accounts {
  list(): Promise<AccountView[]>;
  find(name: string): Promise<AccountView | null>;
  /** As the rules know it. */
  byId(accountId: string): Promise<Account | null>;
  /** @throws AccountRefused where the name is taken */
  create(input: AccountInput): Promise<AccountView>;
  /** Null: there is no such account. @throws AccountRefused where it would be `sof` and could not sign in */
  update(name: string, patch: AccountPatch): Promise<AccountView | null>;
  /** Active again, with nothing said against it; one event. Nothing where it is. */
  unpark(accountId: string): Promise<void>;
  /** Writes down what a check found. */
  apply(accountId: string, verdict: AccountVerdict): Promise<void>;
  /**
   * Why nothing of an active account is packed, null: it is. False where it says so already, is parked, or names another
   * provider by now: what was found out then says nothing about it. Whoever waits for it is due once it says nothing.
   */
  notePacking(account: Pick<Account, 'accountId' | 'shipmentProvider'>, reason: string | null): Promise<boolean>;
  /**
   * Active `sof` accounts that have no SOF token, whose Open Platform token ends within this time, or of whose row something
   * cannot be used. And any whose seller has consented, while his code waits to be exchanged.
   */
  toCheck(within: { tokenEndsWithinMs: number }): Promise<AccountToCheck[]>;
  /** When the tokens of the account end, without the tokens; null: it is gone. And the database's time. */
  tokenTimes(accountId: string): Promise<(TokenTimes & { readonly now: Date }) | null>;
}

const DRIVERS_THAT_LOG_IN = SOF_DRIVERS.filter((sofDriver) => traitsOf({ sofDriver }).needsSofLogin);

type CheckColumns = AccountColumns & {
  version: string;
  hasNoToken: boolean;
  endsSoon: boolean;
  hasEnded: boolean;
  hasCode: boolean;
};
const TO_CHECK = `
  select ${ACCOUNT_SELECT}, a.xmin::text as version, a.sof_driver = any ($2) and a.sof_token is null as "hasNoToken",
         coalesce(a.refresh_token, '') <> ''
           and coalesce(a.access_token_expires_at < clock_timestamp() + $1 * interval '1 ms', false) as "endsSoon",
         coalesce(a.access_token_expires_at < clock_timestamp(), false) as "hasEnded", a.consent_code is not null as "hasCode"
    from account.lazada a where (${ACTIVE}) or a.consent_code is not null order by a.id`;

function wantsCheck({ version, hasNoToken, endsSoon, hasEnded, hasCode, ...columns }: CheckColumns): AccountToCheck[] {
  const account = accountOf(columns);
  const isUrgent = hasCode || hasNoToken || !isUsable(account);
  if (!isUrgent && !endsSoon) return [];
  return [{ accountId: account.accountId, version, canWait: !isUrgent && !hasEnded }];
}

export type AccountTools = { pool: pg.Pool; prisma: PrismaClient; keys: KeyRing; source: string };

export function openAccounts({ pool, prisma, keys, source }: AccountTools): AccountStore {
  const find = async (name: string) => {
    const row = await prisma.account.findUnique({ where: { name }, omit: OURS });
    return row ? viewOf(row) : null;
  };
  const write = <Answer>(work: (client: Transaction) => Promise<Answer>) =>
    withoutCollisions(() => transaction(pool, { source }, work)).catch(explained);

  const park: AccountStore['park'] = async (accountId, { status, reason }) => {
    await write((client) =>
      client.query(
        "update account.lazada set status = $2, status_reason = $3 where id = $1 and enabled and status = 'active'",
        [accountId, status, wordsToKeep(reason)],
      ),
    );
  };
  const unpark: AccountStore['unpark'] = async (accountId) => {
    await write((client) =>
      client.query(
        `update account.lazada set status = 'active', status_reason = null
          where id = $1 and (status <> 'active' or status_reason is not null)`,
        [accountId],
      ),
    );
  };

  return {
    find,
    list: async () => (await prisma.account.findMany({ orderBy: { name: 'asc' }, omit: OURS })).map(viewOf),

    async byId(accountId) {
      const text = `select ${ACCOUNT_SELECT} from account.lazada a where a.id = $1`;
      const { rows } = await pool.query<AccountColumns>(text, [accountId]);
      return rows[0] ? accountOf(rows[0]) : null;
    },

    async create({ name, ...fields }) {
      await write(async (client) => {
        // Secrets are bound to the row's id, so the row comes first; disabled, since it cannot sign in yet.
        const { rows } = await client.query<{ id: string }>(
          'insert into account.lazada (name, enabled) values ($1, false) returning id::text as id',
          [name],
        );
        if (rows[0]) await setColumns(client, keys, rows[0].id, { enabled: true, ...fields });
      });
      const created = await find(name);
      if (!created) throw new Error(`account ${name} was created and is gone again`);
      return created;
    },

    async update(name, patch) {
      await write(async (client) => {
        const { rows } = await client.query<{ id: string }>(
          'select id::text as id from account.lazada where name = $1',
          [name],
        );
        if (rows[0]) await setColumns(client, keys, rows[0].id, patch);
      });
      return find(name);
    },

    park,
    unpark,
    async apply(accountId, verdict) {
      switch (verdict.kind) {
        case 'park':
          return park(accountId, verdict);
        case 'unpark':
          return unpark(accountId);
        case 'leave':
          return;
      }
    },

    async notePacking({ accountId, shipmentProvider }, reason) {
      const { rowCount } = await write((client) =>
        client.query(
          `update account.lazada set status_reason = $2
            where id = $1 and enabled and status = 'active' and shipment_provider is not distinct from $3
              and status_reason is distinct from $2`,
          [accountId, wordsToKeep(reason), shipmentProvider],
        ),
      );
      return rowCount === 1;
    },

    async toCheck({ tokenEndsWithinMs }) {
      const { rows } = await pool.query<CheckColumns>(TO_CHECK, [tokenEndsWithinMs, DRIVERS_THAT_LOG_IN]);
      return rows.flatMap(wantsCheck);
    },

    async tokenTimes(accountId) {
      const { rows } = await pool.query<TokenTimes & { now: Date }>(
        `select ${TOKEN_TIMES}, clock_timestamp() as now from account.lazada a where a.id = $1`,
        [accountId],
      );
      return rows[0] ?? null;
    },
  };
}

/** By the name of the field, the column; secrets have theirs in `SECRET_COLUMNS`. */
const PLAIN_COLUMNS: Readonly<Record<Exclude<keyof AccountPatch, SecretField>, string>> = {
  country: 'country',
  timezone: 'timezone',
  appKey: 'app_key',
  accessTokenExpiresAt: 'access_token_expires_at',
  refreshTokenExpiresAt: 'refresh_token_expires_at',
  shipmentProvider: 'shipment_provider',
  deliveryType: 'delivery_type',
  sofUsername: 'sof_username',
  sofDriver: 'sof_driver',
  sofRts: 'sof_rts',
  autoSendNotDelivered: 'auto_send_not_delivered',
  invoicePathTemplate: 'invoice_path_template',
  enabled: 'enabled',
};
const COLUMNS: Readonly<Record<string, string>> = { ...PLAIN_COLUMNS, ...SECRET_COLUMNS };

async function setColumns(client: Transaction, keys: KeyRing, accountId: string, patch: AccountPatch): Promise<void> {
  const given = Object.entries(patch).filter(([field, value]) => value !== undefined && field in COLUMNS);
  if (given.length === 0) return;
  const values = given.map(([field, value]) =>
    isSecret(field) && typeof value === 'string' ? sealed(keys, accountId, field, value) : value,
  );
  const assignments = given.map(([field], index) => `${COLUMNS[field]} = $${index + 2}`).join(', ');
  await client.query(`update account.lazada set ${assignments} where id = $1`, [accountId, ...values]);
}

function explained(error: unknown): never {
  switch (refusedBy(error)) {
    case 'lazada_name_key':
      throw new AccountRefused(
        'name',
        'there is an account of this name already; choose another or change that one',
        error,
      );
    case 'lazada_sof_needs_country':
      throw new AccountRefused(
        'country',
        `an enabled account with deliveryType sof needs a country; write one of ${COUNTRIES.join(', ')}, or disable it`,
        error,
      );
    case 'lazada_sof_needs_username_and_password':
      throw new AccountRefused(
        'sofPassword',
        'an enabled account with deliveryType sof needs sofUsername and sofPassword; set both, or disable it',
        error,
      );
    default:
      throw error;
  }
}

/** What is shown to nobody. */
const OURS = {
  ...{ sofToken: true, sofTokenExpiresAt: true, sofTokenLifeSeconds: true },
  ...{ appSecret: true, accessToken: true, refreshToken: true, sofPassword: true },
  ...{ consentState: true, consentStateAt: true, consentCode: true },
} as const;

function viewOf(row: Prisma.AccountGetPayload<{ omit: typeof OURS }>): AccountView {
  const { id, secretsSetAt, ...rest } = row;
  // Written by our trigger alone: an object of times by column, null where nobody knows.
  const setAt = secretsSetAt as Readonly<Record<string, string | null>>;
  const secret = (field: SecretField): SecretView => {
    const at = setAt[SECRET_COLUMNS[field]];
    return { set: at !== undefined, setAt: at ? new Date(at) : null };
  };
  return {
    ...rest,
    accountId: String(id),
    appSecret: secret('appSecret'),
    accessToken: secret('accessToken'),
    refreshToken: secret('refreshToken'),
    sofPassword: secret('sofPassword'),
    // A check of the table keeps others out.
    status: rest.status as AccountStatus,
  };
}
