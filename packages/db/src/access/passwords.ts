/** Passwords at rest: scrypt, with its cost beside it. */
import { randomBytes, type ScryptOptions, scrypt as scryptWithCallback, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const scrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scryptWithCallback);
/** 16 MiB and some 50 ms a try. */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const HASH_BYTES = 32;

/** `scrypt$N$r$p$salt$hash`: a later cost is told from an earlier one. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await scrypt(password.normalize('NFKC'), salt, HASH_BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const made = await scrypt(password.normalize('NFKC'), Buffer.from(salt, 'base64'), HASH_BYTES, cost);
  return expected.length === made.length && timingSafeEqual(expected, made);
}

/** For a name that nobody has, so that its answer takes as long. */
export const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}==$${'A'.repeat(43)}=`;
