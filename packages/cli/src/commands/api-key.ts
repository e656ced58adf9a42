import { SCOPES, type Scope } from '@lazada-sof/db';
import type { Command } from 'commander';
import { Failed, WrongUse } from '../ending.ts';
import { printer, table } from '../output.ts';
import { withDb } from '../tools.ts';

export function apiKeyCommands(program: Command): void {
  const apiKey = program.command('api-key').description('keys of other systems for the HTTP API');

  apiKey
    .command('create')
    .description('make a key; it is shown once and kept nowhere')
    .requiredOption('--name <name>')
    .requiredOption('--scopes <list>', `with commas: ${SCOPES.join(',')}`)
    .option('--json', 'for machines')
    .action(async ({ name, scopes, json = false }: { name: string; scopes: string; json?: boolean }) => {
      const key = await withDb((db) => db.access.createKey(name, readScopes(scopes)));
      if (!key) throw new Failed(`there is a key named ${name} already; choose another name`);
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
      if (!(await withDb((db) => db.access.revokeKey(name))))
        throw new Failed(`there is no key ${name} that still works`);
      const print = printer(json);
      print.text(`Revoked ${name}.`);
      print.json({ revoked: name });
    });

  apiKey
    .command('list')
    .description('all keys, without the keys themselves')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const keys = await withDb((db) => db.access.listKeys());
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

function readScopes(list: string): Scope[] {
  const named = list.split(',').map((scope) => scope.trim());
  const wrong = named.filter((scope) => !isScope(scope));
  if (wrong.length > 0) throw new WrongUse(`--scopes: ${wrong.join(', ')} is none of ${SCOPES.join(', ')}`);
  return named.filter(isScope);
}
const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);
