/** What nobody may find where it does not belong: a canary in every secret setting, in every secret of an account, in every field of a buyer. */
import { urlAs } from '@lazada-sof/local';
import { SETTINGS } from '@lazada-sof/runtime';
import type { Stage } from './stage.ts';

export const ADMIN = { user: 'ops', password: 'canary-of-the-admin' };

/** Of Latin letters, with signs that JSON, HTML and addresses escape, and of another script. */
export const BUYER = { name: `Canary "O'Buyer" สมหญิง`, phone: '+65 8765 4321', address: `12 Canary & Street, #05-01` };
/** As it may be found in any notation. */
export const BUYER_CANARIES = ['Canary', 'Buyer', 'สมหญิง', '8765 4321', '87654321', '#05-01'];
export const ACCOUNT = { appSecret: 'canary-of-the-app/"+secret', sofPassword: 'canary-of-sof & "more"' };
export const CONSENT_CODE = 'canary-of-a-consent';

/** What the system does not make itself; the others are found in its settings. */
export const ENV: Readonly<Record<string, string>> = {
  CONSOLE_ADMIN: `${ADMIN.user}:${ADMIN.password}`,
  DHL_API_KEY: 'canary-of-dhl',
  IMPORT_SOURCE_URL: 'ftp://seller:canary-of-the-import@127.0.0.1:9/in',
  INVOICE_TARGET_URL: 'ftp://seller:canary-of-the-target@127.0.0.1:9/in',
  SESSION_SECRET: 'canary-of-the-session',
};

const SECRET_SETTINGS = Object.values(SETTINGS)
  .flatMap((slice) => Object.values(slice))
  .filter(({ secret }) => secret)
  .map(({ name }) => name);

/** The secret in every secret setting, by its name; empty: the test's server wants none. @throws Error for one that nobody planted */
export function secretsOfSettings({ system }: Stage): ReadonlyMap<string, readonly string[]> {
  const logins = (['services', 'api', 'cli'] as const).map((login) => urlAs(system.databaseUrl, login));
  const given: Readonly<Record<string, string | undefined>> = { ...system.env, DATABASE_LISTEN_URL: logins[0] };
  return new Map(
    SECRET_SETTINGS.map((name) => {
      const value = given[name];
      if (value === undefined) throw new Error(`nobody planted a canary in ${name}: give it one in canaries.ts`);
      return [name, secretsIn(name === 'DATABASE_URL' ? logins : [value])];
    }),
  );
}

const secretsIn = (values: readonly string[]): readonly string[] =>
  values.flatMap((value) => {
    if (URL.canParse(value) && value.includes('://')) return [decodeURIComponent(new URL(value).password)];
    return [value.slice(value.indexOf(':') + 1)];
  });
