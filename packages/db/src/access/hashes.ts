import { createHash } from 'node:crypto';

/** Of what is 256 random bits: it needs no salt, and how long its look-up takes tells nothing about another. */
export const sha256 = (secret: string) => new Uint8Array(createHash('sha256').update(secret).digest());
