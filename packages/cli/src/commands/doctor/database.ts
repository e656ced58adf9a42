/** The database: its server, migrations, the rows of orders of before, and who may what. */
import { type DatabaseStanding, inspectDatabase, type MissingRight } from '@lazada-sof/db';
import type { Config } from '@lazada-sof/runtime';
import { clockFinding } from './clock.ts';
import { type Finding, good, odd, red } from './finding.ts';
import type { Room } from './rooms.ts';

const OLDEST = 140_000;
const MIGRATE = 'sof migrate';
const MIGRATE_WORDS = `bring it up to date with ${MIGRATE}`;

export const databaseRoom = ({ url }: Config<'database'>['database']): Room => ({
  name: 'database',
  limitMs: 30_000,
  fix: 'look at DATABASE_URL, whether the server runs, and whether this machine may reach it',
  look: async () => databaseFindings(await inspectDatabase({ url })),
});

export const databaseFindings = (standing: DatabaseStanding): Finding[] => [
  serverFinding(standing),
  clockFinding({ check: 'clock (database)', whose: 'the database' }, { ...standing.clock, resolutionMs: 0 }),
  ...migrationFindings(standing),
  ...ordersOfBeforeFindings(standing),
  ...rightsFindings(standing),
];

function serverFinding({ version, versionNumber, isDirect, isReadOnly, rights }: DatabaseStanding): Finding {
  const what = `PostgreSQL ${version}${isDirect ? '' : ', through a pooler'}, as ${rights.login}`;
  if (versionNumber < OLDEST)
    return red('database', `${what}: older than 14`, 'upgrade the server to PostgreSQL 14 or newer');
  if (isReadOnly)
    return red(
      'database',
      `${what}: takes no writes`,
      'let DATABASE_URL lead to the primary, and the login write (default_transaction_read_only)',
    );
  return good('database', what);
}

function migrationFindings({ migrations }: DatabaseStanding): Finding[] {
  const check = 'migrations';
  if (migrations === null)
    return [
      odd(
        check,
        'the login may not see which were applied',
        `${MIGRATE} lets the roles of command line and services see it`,
      ),
    ];
  const { missing, begun, edited, unknown } = migrations;
  const found = [
    ...(missing.length > 0 ? [red(check, `not applied: ${missing.join(', ')}`, MIGRATE_WORDS)] : []),
    ...(begun.length > 0
      ? [
          red(
            check,
            `begun by another tool and not ended: ${begun.join(', ')}`,
            'mend the database, say so with "prisma migrate resolve", then run sof migrate',
          ),
        ]
      : []),
    ...(edited.length > 0 ? [odd(check, `applied with another text than this version's: ${edited.join(', ')}`)] : []),
    ...(unknown.length > 0
      ? [
          odd(
            check,
            `applied by a newer version: ${unknown.join(', ')}`,
            'look again with the command line of that version',
          ),
        ]
      : []),
  ];
  return found.length > 0 ? found : [good(check, 'all of this version are applied')];
}

/** Not to be confused with `sof backfill`, which reads orders again. */
const ORDERS_OF_BEFORE = 'orders of before';

function ordersOfBeforeFindings({ backfill, migrations }: DatabaseStanding): Finding[] {
  if (backfill === undefined || (migrations?.missing.length ?? 0) > 0) return [];
  return [
    backfill === null
      ? good(ORDERS_OF_BEFORE, 'all have their rows')
      : red(ORDERS_OF_BEFORE, backfill, `run ${MIGRATE} to its end, or once more`),
  ];
}

function rightsFindings({ rights, migrations }: DatabaseStanding): Finding[] {
  const { login, isSuperuser, memberOf, absentRoles, unusedRoles, missing, functionsRunAs } = rights;
  const isNew = migrations !== null && migrations.missing.length > 0;
  const who =
    memberOf.length > 0
      ? `${login} is a member of ${memberOf.join(', ')}`
      : `${login} is a member of none of our roles`;
  const ofLogin = missing.filter((one) => one.who === login);
  const ofRoles = missing.filter((one) => one.who !== login);
  const found = [
    ...(ofLogin.length > 0
      ? [red('rights', `${who}; it may not ${inWords(ofLogin)}`, howToGrant(login, absentRoles, isNew))]
      : []),
    ...(ofRoles.length > 0 ? [red('rights', inWordsByRole(ofRoles), `${MIGRATE} grants them anew`)] : []),
    ...(isSuperuser
      ? [
          odd(
            'rights',
            `${login} is a superuser: whatever goes wrong here goes wrong with every right`,
            'let DATABASE_URL be that of sof_cli; deploy/roles.sql makes the logins',
          ),
        ]
      : []),
    ...(absentRoles.length > 0
      ? [
          odd(
            'rights',
            `roles that are not there: ${absentRoles.join(', ')}${memberOf.length > 0 ? '' : '; one login is everything'}`,
            memberOf.length > 0
              ? `an administrator runs: ${absentRoles.map((role) => `create role ${role} nologin`).join('; ')}; then sof migrate, which says what else`
              : 'an administrator runs deploy/roles.sql, then sof migrate',
          ),
        ]
      : []),
    ...unusedRoles.map((role) =>
      odd('rights', `no login is a member of ${role}`, `an administrator runs: grant ${role} to THE_LOGIN`),
    ),
    ...(functionsRunAs.length > 0 && absentRoles.length === 0
      ? [
          odd(
            'rights',
            `functions of ours run as ${functionsRunAs.join(', ')}, with all rights of that login`,
            `${MIGRATE} hands them over to the roles of their own`,
          ),
        ]
      : []),
  ];
  return found.length > 0 ? found : [good('rights', `${who}, and may all that is needed`)];
}

function howToGrant(login: string, absentRoles: readonly string[], isNew: boolean): string {
  if (absentRoles.length > 0) return 'an administrator runs deploy/roles.sql, then sof migrate';
  const grant = `an administrator runs: grant lazada_sof_services, lazada_sof_api to ${login}`;
  return isNew
    ? `${MIGRATE}; where that does not help, ${grant}`
    : `${grant}; where it is a member already, ${MIGRATE}`;
}

const MOST_NAMED = 5;

/** `update public.orders (tool_status), select public.api_key and 7 more`. */
function inWords(missing: readonly MissingRight[]): string {
  const named = missing
    .slice(0, MOST_NAMED)
    .map(({ verb, on, columns }) => `${verb} ${on}${columns.length > 0 ? ` (${columns.join(', ')})` : ''}`);
  const more = missing.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const inWordsByRole = (missing: readonly MissingRight[]): string =>
  [...Map.groupBy(missing, ({ who }) => who)].map(([who, rights]) => `${who} may not ${inWords(rights)}`).join('; ');
