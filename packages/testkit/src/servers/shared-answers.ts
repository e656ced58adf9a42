/** Asks jest's main process for the servers that all tests of a run share; see `shared-servers.ts`. */

export type SharedPostgres = { adminUrl: string };
/** A migrated database that nobody is connected to. */
export type SharedTemplate = { adminUrl: string; template: string };
export type SharedRedis = { url: string } | { missing: string };
export type SharedDebianPostgres = SharedPostgres | { missing: string };

type Answers = {
  postgres: SharedPostgres;
  debianPostgres: SharedDebianPostgres;
  template: SharedTemplate;
  redis: SharedRedis;
};

/** Set by `global-setup.mjs` before the workers start. */
export const SERVERS_VARIABLE = 'TESTKIT_SERVERS';

export async function shared<Name extends keyof Answers>(name: Name): Promise<Answers[Name]> {
  const url = process.env[SERVERS_VARIABLE];
  if (!url) throw new Error('no test servers: run jest with -c packages/testkit/jest.config.mjs');
  const response = await fetch(`${url}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`the test run's ${name} could not be had: ${text}`);
  return JSON.parse(text) as Answers[Name];
}
