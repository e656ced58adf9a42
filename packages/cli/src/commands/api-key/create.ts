import { isScope, SCOPES, type Scope } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withDb } from '../../connections.ts';
import { Failed, WrongUse } from '../../errors.ts';
import { printer, table } from '../../output.ts';

export function apiKeyCommands(program: Command): void {
  const apiKey = program.command('api-key').description('keys of other systems for the HTTP API');

  apiKey
    .command('create')
    .description('make a key; it is shown once and kept nowhere')
    .option('--name <name>', 'needed; under which you find it again')
    .option('--scopes <list>', `needed; with commas: ${SCOPES.join(',')}`)
    .option('--json', 'for machines')
    .action(async ({ json = false, ...options }: { name?: string; scopes?: string; json?: boolean }) => {
      const { name, scopes } = readNewKey(options);
      const key = await withDb(readConfig(['database']), (db) => db.access.createKey(name, scopes));
      if (!key) throw new Failed(`there is a key named ${name} already; revoke it, or choose another name`);
      const print = printer(json);
      print.text(`${key}\nThis is the only time that it is shown.`);
      print.json({ key });
    });

  apiKey
    .command('revoke')
    .argument('<name>')
    .description('end a key')
    .option('--json', 'for machines')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      if (!(await withDb(readConfig(['database']), (db) => db.access.revokeKey(name))))
        throw new Failed(`there is no key ${name} that still works; npm run sof -- api-key list shows them`);
      const print = printer(json);
      print.text(`Revoked ${name}.`);
      print.json({ revoked: name });
    });

  apiKey
    .command('list')
    .description('all keys, without the keys themselves')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const keys = await withDb(readConfig(['database']), (db) => db.access.listKeys());
      const print = printer(json);
      const rows = keys.map(({ name, scopes, lastUsedAt, revokedAt }) => [
        name,
        scopes.join(','),
        revokedAt ? 'revoked' : 'works',
        lastUsedAt?.toISOString() ?? 'never used',
      ]);
      print.text(table(['NAME', 'SCOPES', 'STATE', 'LAST USED'], rows));
      print.json(keys);
    });
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
  if (mistakes.length > 0) throw new WrongUse(...mistakes);
  return { name: name.trim(), scopes: named.filter(isScope) };
}
