/** The settings of a system on one machine, and which of them each service is given. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SERVICE_SLICES, type ServiceName, settingsOf } from '@lazada-sof/runtime';
import { urlAs } from '../postgres/logins.ts';

export type Settings = Readonly<Record<string, string>>;

export const LOCAL_SETTINGS: Settings = { HOST: '127.0.0.1', HEALTH_PORT: '0' };

type SystemSettingsOptions = {
  dir: string;
  databaseUrl: string;
  queueUrl: string;
  queuePrefix?: string;
  simulatorUrl: string | undefined;
  /** In place of those made here. */
  env?: Settings;
};

/** Those of all services together. Makes the folder of the invoices. */
export function systemSettings(options: SystemSettingsOptions): Settings {
  const { simulatorUrl } = options;
  const invoices = join(options.dir, 'invoices');
  mkdirSync(invoices, { recursive: true });
  return {
    ...LOCAL_SETTINGS,
    DATABASE_URL: urlAs(options.databaseUrl, 'cli'),
    QUEUE_URL: options.queueUrl,
    ...(options.queuePrefix !== undefined && { QUEUE_PREFIX: options.queuePrefix }),
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    INVOICE_TARGET_URL: pathToFileURL(invoices).href,
    ...(simulatorUrl !== undefined && simulatorSettings(simulatorUrl)),
    ...options.env,
  };
}

/** The simulator in the place of all that Lazada is. */
const simulatorSettings = (url: string): Settings => ({
  LAZADA_REST_URL: `${url}/rest`,
  LAZADA_AUTH_URL: `${url}/rest`,
  LAZADA_REDIRECT_URL: `${url}/consented`,
  SOFP_URL: url,
  INVOICE_LINK_HOSTS: new URL(url).host,
  DHL_API_URL: url,
  DHL_API_KEY: 'simulated',
});

type Own = { readonly databaseUrl?: string; readonly apiPort?: number | undefined };

/** Only what the service reads, and the database with its own rights: no process holds what it has no use for. */
export function envOf(service: ServiceName, env: Settings, { databaseUrl, apiPort }: Own = {}): Record<string, string> {
  const names = new Set(settingsOf(SERVICE_SLICES[service]).map(({ name }) => name));
  const own = {
    ...(service === 'api' && apiPort !== undefined && { PORT: String(apiPort) }),
    ...(names.has('DATABASE_URL') &&
      databaseUrl !== undefined && { DATABASE_URL: urlAs(databaseUrl, service === 'api' ? 'api' : 'services') }),
  };
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => names.has(name))), ...own };
}

export const urlOf = (port: number) => `http://127.0.0.1:${port}`;
