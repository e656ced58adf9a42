/** Who may come in: programs with API keys, people with passwords. */
import type { PrismaClient } from '../sql/prisma.ts';
import { type ApiKeys, openKeys } from './keys.ts';
import { openSessions, type Sessions } from './sessions.ts';
import { openSignIns, type SignIns } from './sign-in.ts';
import { openUsers, type Users } from './users.ts';

export interface Access extends ApiKeys, Users, SignIns, Sessions {}

export const openAccess = (prisma: PrismaClient): Access => ({
  ...openKeys(prisma),
  ...openUsers(prisma),
  ...openSignIns(prisma),
  ...openSessions(prisma),
});
