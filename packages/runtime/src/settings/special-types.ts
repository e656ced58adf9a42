/** The forms that have a grammar of their own: keys, targets, host names. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { type TextType, urlOf } from './text-types.ts';

const HOW_KEYS =
  'write id:base64 of 32 bytes, several with a comma between them; make one with: openssl rand -base64 32';

const isKey = (written: string): boolean => {
  const [, base64 = ''] = /^[A-Za-z0-9_-]{1,32}:([A-Za-z0-9+/]{43}=)$/.exec(written) ?? [];
  return Buffer.from(base64, 'base64').length === 32;
};

/** `id:base64(32 bytes)[,…]`, checked, kept as written: the first seals, all open. */
export const encryptionKeys: TextType<string> = z
  .string()
  .refine((written) => written.split(',').every(isKey), HOW_KEYS)
  .refine((written) => {
    const ids = written.split(',').map((key) => key.split(':')[0]);
    return new Set(ids).size === ids.length;
  }, 'two keys have the same id; give each key an id of its own');

/** `user:password`, split at the first colon. What stands in brackets in `.env.example` is nobody's password. */
export const userAndPassword: TextType<{ user: string; password: string }> = z
  .string()
  .regex(/^[^:\s]+:.+$/, 'write user:password')
  .refine((written) => !/:\(.*\)$/.test(written), 'write a password of your own in place of the brackets')
  .transform((written) => {
    const colon = written.indexOf(':');
    return { user: written.slice(0, colon), password: written.slice(colon + 1) };
  });

/** What a target's address says in its query of one name, decoded; it may say it several times. Of what is no address: none. */
const parameters = (written: string, name: string): readonly string[] =>
  URL.parse(written)?.searchParams.getAll(name) ?? [];

/** Where files are put or found. A server's SFTP key is pinned: without it any server would be believed. */
export const fileTarget: TextType<string> = urlOf('sftp', 'ftps', 'ftp', 'file')
  .refine(
    (written) => URL.parse(written)?.protocol !== 'sftp:' || parameters(written, 'hostkey').length > 0,
    "add the server's key: ?hostkey=SHA256:… (shown by: ssh-keyscan HOST | ssh-keygen -lf -)",
  )
  .refine(
    (written) => parameters(written, 'connections').every((one) => /^([1-9]|[1-5]\d|6[0-4])$/.test(one)),
    'connections in its query is a whole number from 1 to 64',
  )
  .refine(
    (written) => parameters(written, 'partial').every((one) => one === 'suffix'),
    'partial in its query is suffix, or left out',
  );

const HOST_PATTERN = /^[a-z0-9*-]+(\.[a-z0-9*-]+)*(:\d{1,5})?$/i;
/** One of stars alone would be any host of the world. */
const isHostPattern = (written: string): boolean =>
  HOST_PATTERN.test(written) && /[a-z0-9]/i.test(written.split(':')[0] ?? '');

export const hostPatterns: TextType<readonly string[]> = z
  .string()
  .transform((written) => written.split(',').map((host) => host.trim()))
  .refine(
    (hosts) => hosts.every(isHostPattern),
    'write host names with commas between them, for example *.lazada.sg,documents.example.com:8443',
  );

const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** An address, or a network with the length of its prefix. What is as wide as the whole internet names nobody. */
function isNetwork(written: string): boolean {
  const [, address = '', length] = /^([\da-f:.]+)(?:\/([1-9]\d{0,2}))?$/i.exec(written) ?? [];
  const bits = BITS[isIP(address)];
  return bits !== undefined && Number(length ?? bits) <= bits;
}

export const networks: TextType<readonly string[]> = z
  .string()
  .transform((written) => written.split(',').map((network) => network.trim()))
  .refine(
    (all) => all.every(isNetwork),
    'write addresses or networks with commas between them, for example 10.0.0.0/8,127.0.0.1,fd00::/8 (no host names, and not /0, which is everybody)',
  );
