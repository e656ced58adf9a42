import { defineConfig } from 'prisma/config';

/** For Prisma's own commands: `prisma migrate dev`, `prisma studio`. The services take their URL from their settings. */
export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
