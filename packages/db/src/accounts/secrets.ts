/**
 * Secrets at rest: AES-256-GCM, bound to the place where they lie. What is stored reads `enc:<key id>:<base64>`, so a
 * plain value that the host wrote is known by not beginning with `enc:`.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { rememberSecrets } from '@lazada-sof/redact';

/** The first key seals, all open. A `KeyObject` shows its bytes in no log. */
export type KeyRing = {
  readonly first: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** The columns that may be opened, where that is not all of them. Any may be sealed. */
  readonly opens?: readonly string[];
};

/** For a process that touches no secret: it can neither seal nor open one. */
export const NO_KEYS: KeyRing = { first: '', keys: new Map() };

/** Where a secret lies. A ciphertext that is moved to another place does not open there. */
export type SecretPlace = { readonly table: string; readonly column: string; readonly rowId: string };

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'enc:';

/** Reads `id:base64[,id:base64…]`. @throws Error that names the key by its id, never by its value */
export function parseKeys(text: string): KeyRing {
  const keys = new Map(text.split(',').map(parseKey));
  const [first] = keys.keys();
  if (first === undefined || keys.size < text.split(',').length)
    throw new Error('two encryption keys have the same id; each needs its own');
  return { first, keys };
}

function parseKey(part: string, index: number): [string, KeyObject] {
  const [, id, encoded] = /^\s*([A-Za-z0-9_.-]+):([A-Za-z0-9+/]+={0,2})\s*$/.exec(part) ?? [];
  if (id === undefined || encoded === undefined)
    throw new Error(`encryption key ${index + 1}: must be id:base64, the id of letters, digits, "_", "." and "-"`);
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== KEY_BYTES)
    throw new Error(`encryption key ${id}: has ${bytes.length} bytes, needs ${KEY_BYTES} (openssl rand -base64 32)`);
  return [id, createSecretKey(bytes)];
}

export const isEncrypted = (value: string): boolean => value.startsWith(PREFIX);

/** True where a stored value should be written anew: it is plain, or a key other than the first made it. */
export const isStale = (ring: KeyRing, value: string): boolean => !value.startsWith(sealedBy(ring));

/** True for a stored value that can be read: it is plain, or a key of the ring made it. */
export const hasKeyOf = ({ keys }: KeyRing, value: string): boolean => !isEncrypted(value) || keys.has(keyIdOf(value));

/** What every value begins with that the first key sealed. */
export const sealedBy = ({ first }: Pick<KeyRing, 'first'>): string => `${PREFIX}${first}:`;

const keyIdOf = (encrypted: string): string => encrypted.slice(PREFIX.length).split(':')[0] ?? '';

export function encrypt({ first, keys }: Pick<KeyRing, 'first' | 'keys'>, place: SecretPlace, plain: string): string {
  rememberSecrets([plain]);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyById(keys, first, place), iv).setAAD(boundTo(place));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return `${PREFIX}${first}:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')}`;
}

/** The plain value; one that was never encrypted comes back as it is. */
export function decrypt(ring: KeyRing, place: SecretPlace, stored: string): string {
  if (ring.opens && !ring.opens.includes(place.column))
    throw new Error(`${named(place)} is not opened by this process`);
  const plain = isEncrypted(stored) ? open(ring, place, stored) : stored;
  rememberSecrets([plain]);
  return plain;
}

function open({ keys }: KeyRing, place: SecretPlace, stored: string): string {
  const id = keyIdOf(stored);
  const key = keyById(keys, id, place);
  const encoded = stored.slice(PREFIX.length + id.length + 1);
  const bytes = Buffer.from(encoded, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(boundTo(place))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new Error(
      `${named(place)} does not open: key ${id} is not the one that sealed it, or it was damaged or moved there; look at ENCRYPTION_KEYS, else set it again`,
      { cause },
    );
  }
}

function keyById(keys: KeyRing['keys'], id: string, place: SecretPlace): KeyObject {
  const key = keys.get(id);
  if (!key)
    throw new Error(
      `${named(place)} was sealed with key ${id}, which is not among ENCRYPTION_KEYS; put it back there, behind the first`,
    );
  return key;
}

const boundTo = ({ table, column, rowId }: SecretPlace) => Buffer.from(`${table}.${column}.${rowId}`);
const named = ({ table, column, rowId }: SecretPlace) => `${column} of row ${rowId} in ${table}`;
