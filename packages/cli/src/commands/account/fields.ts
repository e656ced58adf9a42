/** The options of `account add` and `account set`, and what they say. */
import { type AccountPatch, DELIVERY_TYPES } from '@lazada-sof/db';
import { COUNTRIES, SOF_DRIVERS } from '@lazada-sof/orders';
import type { Command } from 'commander';
import { UsageError } from '../../terminal/errors.ts';
import { SECRETS } from '../../terminal/secrets.ts';

const yesOrNo = (text: string): boolean | string => (text === 'true' ? true : text === 'false' ? false : text);

export function withFields(command: Command): Command {
  const described = command
    .option('--country <code>', COUNTRIES.join(' '))
    .option('--timezone <name>', "IANA name; the country's where left out")
    .option('--app-key <key>')
    .option('--access-token-expires-at <time>', 'ISO 8601 with offset')
    .option('--refresh-token-expires-at <time>', 'ISO 8601 with offset')
    .option('--shipment-provider <name>')
    .option('--delivery-type <type>', DELIVERY_TYPES.join(' '))
    .option('--sof-username <name>')
    .option('--sof-driver <driver>', SOF_DRIVERS.join(' or '))
    .option('--sof-rts <call>', 'package or legacy')
    .option('--auto-send-not-delivered <bool>', 'true: not delivered is sent without a person', yesOrNo)
    .option('--invoice-path-template <template>')
    .option('--enabled <bool>', 'false: nothing of this account is sent', yesOrNo)
    .option('--json', 'for machines');
  return SECRETS.reduce(
    (rest, name) => rest.option(`--${kebab(name)}-file <file>`, 'where the secret stands; -: standard input'),
    described,
  );
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The fields among the options. */
export function fieldsOf({
  json: _,
  ...options
}: Readonly<Record<string, unknown>>): Partial<Record<keyof AccountPatch, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !name.endsWith('File')));
}

type Issues = { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] };

/** One line per mistake, each named by its option. */
export const describeIssues = ({ issues }: Issues): UsageError =>
  new UsageError(...issues.map(({ path, message }) => `${optionOf(String(path[0] ?? 'name'))}: ${message}`));

/** What the person has to write for it: a secret only ever comes from a file, the name stands by itself. */
export function optionOf(field: string): string {
  if (field === 'name') return '<name>';
  return `--${kebab(field)}${SECRETS.some((secret) => secret === field) ? '-file' : ''}`;
}
