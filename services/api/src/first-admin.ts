/** The first administrator comes from the settings; from then on people are made by administrators. */
import type { Access } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';

/** Creates the user where there is none of that name; a password that was changed since is left alone. */
export async function createFirstAdmin(
  access: Pick<Access, 'roleOf' | 'setUser'>,
  { admin, log }: { admin: { user: string; password: string } | undefined; log: Logger },
): Promise<void> {
  if (!admin || (await access.roleOf(admin.user))) return;
  await access.setUser({ name: admin.user, password: admin.password, role: 'admin' });
  log.info(`created the administrator ${admin.user}`);
}
