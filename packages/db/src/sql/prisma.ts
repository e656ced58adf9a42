/** Prisma over the same pool: for the ordinary reads and writes of people and programs, not for the orders' hot paths. */
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../generated/client.ts';

export type { Prisma, PrismaClient } from '../generated/client.ts';

export const openPrisma = (pool: pg.Pool): PrismaClient => new PrismaClient({ adapter: new PrismaPg(pool) });
