/** Who may sign in, and as what. However a person is made, changed or removed, it is done here. */
import type { PrismaClient } from '../sql/prisma.ts';
import { loadPasswordRule, type PasswordRule } from './password-rule.ts';
import { hashPassword } from './passwords.ts';
import { isRole, type Role } from './roles.ts';
import { forgetTriesOf } from './sign-in-tries.ts';
import { nameMistake } from './user-name.ts';

export type UserView = { readonly name: string; readonly role: Role };
export type UserChange = { readonly role?: Role | undefined; readonly password?: string | undefined };

/** A name or password that nobody may have; the words hold nothing of the password. */
export class PersonRefused extends Error {
  override readonly name = 'PersonRefused';
  readonly field: 'name' | 'password';
  constructor(field: 'name' | 'password', words: string) {
    super(words);
    this.field = field;
  }
}

export interface Users {
  listUsers(): Promise<UserView[]>;
  /** False: somebody has that name. Tries of before, when nobody had it, count no longer. @throws PersonRefused */
  addUser(user: UserView & { readonly password: string }): Promise<boolean>;
  /**
   * A new password ends all sessions of that person and opens a name that is locked; a new role counts at once. Nobody
   * takes the last administrator's role. @throws PersonRefused
   */
  changeUser(name: string, change: UserChange): Promise<UserView | 'unknown' | 'last-admin'>;
  /** With all of their sessions. Nobody removes the last administrator. */
  removeUser(name: string): Promise<'removed' | 'unknown' | 'last-admin'>;
  /** Null: there is no such user. */
  roleOf(user: string): Promise<Role | null>;
  /** False: nobody can make users but the command line. */
  hasAdmin(): Promise<boolean>;
}

export function openUsers(prisma: PrismaClient): Users {
  let rule: Promise<PasswordRule> | undefined;
  /** @throws PersonRefused */
  const hashOf = async (name: string, password: string) => {
    rule ??= loadPasswordRule();
    const mistake = (await rule)(password, name);
    if (mistake) throw new PersonRefused('password', mistake);
    return hashPassword(password);
  };

  return {
    listUsers: async () =>
      (await prisma.consoleUser.findMany({ orderBy: { name: 'asc' }, select: { name: true, role: true } })).flatMap(
        ({ name, role }) => (isRole(role) ? [{ name, role }] : []),
      ),

    async addUser({ name, password, role }) {
      const mistake = nameMistake(name);
      if (mistake) throw new PersonRefused('name', mistake);
      const data = { name, role, passwordHash: await hashOf(name, password) };
      const isNew = (await prisma.consoleUser.createMany({ data, skipDuplicates: true })).count === 1;
      if (isNew) await forgetTriesOf(prisma, { user: name });
      return isNew;
    },

    async changeUser(name, { role, password }) {
      // A password is looked at and hashed for somebody who is there.
      if ((await prisma.consoleUser.count({ where: { name } })) === 0) return 'unknown';
      const secret = password === undefined ? {} : { passwordHash: await hashOf(name, password) };
      return withHeld(prisma, name, async (client, { found, isLastAdmin }) => {
        if (!found) return 'unknown';
        if (role && role !== 'admin' && isLastAdmin) return 'last-admin';
        if (password !== undefined) await forgetTriesOf(client, { user: name });
        const data = { ...secret, ...(role && { role }) };
        await client.consoleUser.update({ where: { id: found.id }, data });
        return { name, role: role ?? found.role };
      });
    },

    removeUser: (name) =>
      withHeld(prisma, name, async (client, { found, isLastAdmin }) => {
        if (!found) return 'unknown';
        if (isLastAdmin) return 'last-admin';
        await client.consoleUser.delete({ where: { id: found.id } });
        return 'removed';
      }),

    async roleOf(user) {
      const found = await prisma.consoleUser.findUnique({ where: { name: user }, select: { role: true } });
      return found && isRole(found.role) ? found.role : null;
    },

    hasAdmin: async () => (await prisma.consoleUser.count({ where: { role: 'admin' }, take: 1 })) > 0,
  };
}

type Client = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];
// A check constraint holds the role.
type HeldUser = { readonly id: bigint; readonly name: string; readonly role: Role };
type Held = { readonly found: HeldUser | undefined; readonly isLastAdmin: boolean };

/**
 * This person and all administrators, as they are until the work is done: two who would each leave the other as the last one
 * come one after the other, and the second sees what the first did.
 */
const withHeld = <Answer>(
  prisma: PrismaClient,
  name: string,
  work: (client: Client, held: Held) => Promise<Answer>,
): Promise<Answer> =>
  prisma.$transaction(async (client) => {
    const held = await client.$queryRaw<HeldUser[]>`
      select id, name, role from public.console_user where role = 'admin' or name = ${name} order by id for update`;
    const others = held.filter((one) => one.role === 'admin' && one.name !== name);
    const found = held.find((one) => one.name === name);
    return work(client, { found, isLastAdmin: found?.role === 'admin' && others.length === 0 });
  });
