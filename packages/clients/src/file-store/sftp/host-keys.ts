/** The keys by which SSH servers are known: their types, and the fingerprints that a target's URL pins. */

import { createHash } from 'node:crypto';
import { oneLine } from '@lazada-sof/redact';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { BadTargetUrlError, type SeenHostKey } from '../errors.ts';
import type { Target } from '../target.ts';

/** The ways in which a key of each type may sign, best first. */
const ALGORITHMS: Record<string, readonly ServerHostKeyAlgorithm[]> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};
export const TYPES: readonly string[] = Object.keys(ALGORITHMS);

export const algorithmsOf = (types: readonly string[]): ServerHostKeyAlgorithm[] =>
  types.flatMap((type) => ALGORITHMS[type] ?? []);

/** The types with that of the key in front, or at the end. */
export function preferring(
  types: readonly string[],
  { type }: SeenHostKey,
  { first }: { readonly first: boolean },
): readonly string[] {
  const others = types.filter((one) => one !== type);
  return first ? [type, ...others] : [...others, type];
}

/** A key as it comes over the line: its type, with its length before it, then what the type says. */
export function hostKey(key: Buffer): SeenHostKey {
  const digest = createHash('sha256').update(key).digest('base64').replace(/=$/, '');
  const type = oneLine(key.toString('ascii', 4, 4 + key.readUInt32BE())).slice(0, 40);
  return { type, fingerprint: `SHA256:${digest}` };
}

/** @throws BadTargetUrlError */
export function pinsOf({ query, host, port }: Target): readonly string[] {
  const pinned = query.get('hostkey') ?? [];
  const isGood = pinned.every((one) => /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(one));
  if (pinned.length > 0 && isGood) return pinned.map((one) => one.replace(/=$/, ''));
  throw new BadTargetUrlError([
    `hostkey=SHA256:… is ${pinned.length === 0 ? 'missing' : 'not a SHA256 fingerprint'}; see it with: ssh-keyscan -p ${port} ${host} | ssh-keygen -lf -`,
  ]);
}
