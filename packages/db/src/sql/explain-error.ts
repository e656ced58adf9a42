/** What is wrong with the database or the way to it, for a person who can mend it. */

type KnownError = { readonly codes: readonly string[]; readonly words: string };

/** By PostgreSQL's, Prisma's and the system's codes. */
const KNOWN: readonly KnownError[] = [
  {
    codes: ['P1001', 'P1002', 'P1017', 'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'],
    words:
      'the database cannot be reached: look at DATABASE_URL (and QUEUE_URL, where that is PostgreSQL), and whether the server runs',
  },
  {
    codes: ['P1000', '28P01', '28000'],
    words: 'the database refuses the user or the password in DATABASE_URL (or QUEUE_URL, where that is PostgreSQL)',
  },
  { codes: ['P1003', '3D000'], words: 'there is no such database as DATABASE_URL names: create it, then migrate it' },
  {
    codes: ['P2021', 'P2022', '42P01', '42703', '3F000'],
    words: 'the database lacks tables or columns of ours: bring it up to date with npm run sof -- migrate',
  },
];

/** Undefined: it is something else. */
export function explainDatabaseError(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  const { code } = error;
  const found = KNOWN.find(({ codes }) => codes.some((one) => one === code));
  return found && `${found.words} (${code})`;
}
