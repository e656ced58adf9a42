import { isScope, SCOPES, type Scope } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { readExpires } from './ends.ts';

type Options = { name?: string; scopes?: string; expires?: string; json?: boolean };

export function apiKeyCreateCommand(apiKey: Command): void {
  const command = apiKey
    .command('create')
    .description('make a key; it is shown once and kept nowhere')
    .option('--name <name>', 'needed; under which you find it again')
    .option('--scopes <list>', `needed; with commas: ${SCOPES.join(',')}`)
    .option('--expires <day>', 'last day (UTC) on which it opens, YYYY-MM-DD; without it it has no end')
    .option('--json', 'for machines')
    .action(async ({ json = false, ...options }: Options) => {
      const { name, scopes } = readNewKey(options);
      const expiresAt = options.expires === undefined ? undefined : readExpires(options.expires, new Date());
      const key = await withDb(readConfig(['database']), (db) => db.access.createKey(name, scopes, { expiresAt }));
      if (!key) throw new CommandFailed(`there is a key named ${name} already; ${INSTEAD}`);
      const print = printer(json);
      print.text(`${key}\nThis is the only time that it is shown.`);
      print.json({ key });
    });
  withExample(command, '--name warehouse --scopes orders:read,orders:write');
}

const INSTEAD = 'revoke it, or choose another name, or replace it: npm run sof -- api-key rotate';

function readNewKey({ name = '', scopes = '' }: Options): { name: string; scopes: Scope[] } {
  const named = [...new Set(scopes.split(',').map((scope) => scope.trim()))].filter((scope) => scope !== '');
  const unknown = named.filter((scope) => !isScope(scope));
  const choice = `name some of ${SCOPES.join(', ')}, with commas between them`;
  const mistakes = [
    ...(name.trim() === '' ? ['--name: is missing; write the name under which you find the key again'] : []),
    ...(named.length === 0 ? [`--scopes: is missing; ${choice}`] : []),
    ...unknown.map((scope) => `--scopes: ${scope} is no scope; ${choice}`),
  ];
  if (mistakes.length > 0) throw new UsageError(...mistakes);
  return { name: name.trim(), scopes: named.filter(isScope) };
}
