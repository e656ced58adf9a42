import { isRole, ROLES, type Role } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { changedUser } from './refused.ts';

export const ROLE_OPTION = ['--role <role>', `needed; one of: ${ROLES.join(', ')}`] as const;

export function userRoleCommand(user: Command): void {
  const command = user
    .command('role')
    .argument('<name>')
    .description('give a person another role; it counts at once, also where they are signed in')
    .option(...ROLE_OPTION)
    .option('--json', 'for machines')
    .action(async (name: string, { json = false, ...options }: { role?: string; json?: boolean }) => {
      const role = readRole(options.role);
      const changed = changedUser(
        name,
        await withDb(readConfig(['database']), (db) => db.access.changeUser(name, { role })),
      );
      const print = printer(json);
      print.text(`${name} is ${changed.role} now.`);
      print.json(changed);
    });
  withExample(command, 'ann --role operator');
}

/** @throws UsageError */
export function readRole(written = ''): Role {
  if (isRole(written)) return written;
  const choice = `write one of: ${ROLES.join(', ')}`;
  throw new UsageError(written === '' ? `--role: is missing; ${choice}` : `--role: ${written} is no role; ${choice}`);
}
