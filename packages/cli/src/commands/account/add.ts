import { AccountRefused, accountInput } from '@lazada-sof/db';
import { DEFAULT_SOF_DRIVER, SOF_DRIVERS, traitsOf } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { readSecrets, type SecretName } from '../../terminal/secrets.ts';
import { withDb } from '../connections.ts';
import { describeIssues, fieldsOf, optionOf, withFields } from './fields.ts';

const ABOUT = [
  'add an account; it needs a country, a delivery type and an app key with its secret, with delivery type sof also the',
  'user name and password of the SOF module; secrets come from files, or from standard input as lines appSecret=…',
].join(' ');

export function accountAddCommand(account: Command): void {
  const command = withFields(account.command('add').argument('<name>').description(ABOUT)).action(
    async (name: string, options: Record<string, unknown>) => {
      const fields = fieldsOf(options);
      const secrets = await readSecrets({ options, needed: neededSecrets(fields) });
      const { success, data, error } = accountInput.safeParse({ name, ...fields, ...secrets });
      if (!success) throw describeIssues(error);
      const settings = readConfig(['database', 'keys']);
      const added = await withDb(settings, (db) => db.accounts.create(data)).catch(explainRefusal);
      const print = printer(options.json === true);
      print.text(`Added account ${added.name}. Test it: npm run sof -- account test ${added.name}`);
      print.json({ name: added.name, accountId: added.accountId });
    },
  );
  withExample(
    command,
    'demo-sg --country SG --app-key 123456 --app-secret-file - --delivery-type dropship --shipment-provider own-fleet',
  );
}

/** A driver that there is not is told with the other mistakes, once the secrets are there. */
function neededSecrets({ deliveryType, sofDriver }: Readonly<Record<string, unknown>>): SecretName[] {
  const driver = SOF_DRIVERS.find((one) => one === sofDriver) ?? DEFAULT_SOF_DRIVER;
  const logsIn = deliveryType === 'sof' && traitsOf({ sofDriver: driver }).needsSofLogin;
  return ['appSecret', ...(logsIn ? (['sofPassword'] as const) : [])];
}

export function explainRefusal(error: unknown): never {
  if (error instanceof AccountRefused)
    throw new CommandFailed(`${optionOf(error.field)}: ${error.message}`, { cause: error });
  throw error;
}
