/** The first administrator comes from the settings; from then on people are made by administrators. */
import { hostname } from 'node:os';
import type { Access, Act, Audit } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';

type Admin = { readonly user: string; readonly password: string };
type Parts = {
  readonly admin: Admin | undefined;
  readonly access: Pick<Access, 'addUser' | 'hasAdmin'>;
  readonly audit: Pick<Audit, 'add'>;
  readonly log: Logger;
};

/**
 * Creates the user where there is no administrator, as on an empty database: who was removed does not come back with the next
 * start. Somebody of that name is left alone, with whatever password and role.
 */
export async function createFirstAdmin({ admin, access, audit, log }: Parts): Promise<void> {
  if (await access.hasAdmin()) return;
  if (admin && (await access.addUser({ name: admin.user, password: admin.password, role: 'admin' }))) {
    log.info(`created the administrator ${admin.user}`);
    await audit.add(created(admin)).catch((error: unknown) => {
      log.error('an act is not in the audit log', { error, missing: created(admin) });
    });
  }
  if (!(await access.hasAdmin()))
    log.warn('there is no administrator: make one on the command line, sof user add NAME --role admin');
}

/** By whoever runs this machine, as at its command line. */
const created = ({ user }: Admin): Act => ({
  by: { kind: 'command_line', name: 'service api' },
  address: hostname(),
  act: 'first administrator',
  thing: user,
  status: 0,
});
