/** The key by which an SFTP server is known again. */
import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

export type HostKey = { readonly privateKey: string; readonly publicKey: string };

export function makeHostKey(): HostKey {
  // Not ed25519: of those that ssh2 1.17 makes, one in three hundred it cannot read itself.
  const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
  return { privateKey, publicKey };
}

/** `SHA256:…` as ssh-keygen shows it. */
export function fingerprint({ publicKey }: HostKey): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
