/** The first administrator comes from the settings; from then on people are made by administrators. */
import type { Access } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';

type Admin = { readonly user: string; readonly password: string };

/** Creates the user where there is none of that name; one who is there, with whatever password and role, is left alone. */
export async function createFirstAdmin(
  access: Pick<Access, 'roleOf' | 'addUser' | 'hasAdmin'>,
  { admin, log }: { admin: Admin | undefined; log: Logger },
): Promise<void> {
  if (admin && !(await access.roleOf(admin.user))) {
    const isNew = await access.addUser({ name: admin.user, password: admin.password, role: 'admin' });
    if (isNew) log.info(`created the administrator ${admin.user}`);
  }
  if (!(await access.hasAdmin()))
    log.warn('there is no administrator: make one on the command line, sof user add NAME --role admin');
}
