import { isScope, SCOPES, type Scope } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';

export function apiKeyCreateCommand(apiKey: Command): void {
  const command = apiKey
    .command('create')
    .description('make a key; it is shown once and kept nowhere')
    .option('--name <name>', 'needed; under which you find it again')
    .option('--scopes <list>', `needed; with commas: ${SCOPES.join(',')}`)
    .option('--json', 'for machines')
    .action(async ({ json = false, ...options }: { name?: string; scopes?: string; json?: boolean }) => {
      const { name, scopes } = readNewKey(options);
      const key = await withDb(readConfig(['database']), (db) => db.access.createKey(name, scopes));
      if (!key) throw new CommandFailed(`there is a key named ${name} already; revoke it, or choose another name`);
      const print = printer(json);
      print.text(`${key}\nThis is the only time that it is shown.`);
      print.json({ key });
    });
  withExample(command, '--name warehouse --scopes orders:read,orders:write');
}

function readNewKey({ name = '', scopes = '' }: { name?: string; scopes?: string }): { name: string; scopes: Scope[] } {
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
