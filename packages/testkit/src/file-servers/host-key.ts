import { fingerprint, makeHostKey as makeKey } from '@lazada-sof/simulator/file-targets';
import ssh2 from 'ssh2';

export type HostKeyKind = 'ecdsa' | 'rsa' | 'ed25519';
export type TestHostKey = { readonly privateKey: string; readonly fingerprint: string };

/** A new host key, and how it is pinned. */
export function makeHostKey(kind: HostKeyKind = 'ecdsa'): TestHostKey {
  const { privateKey, publicKey } = MAKERS[kind]();
  return { privateKey, fingerprint: fingerprint({ privateKey, publicKey }) };
}

const MAKERS: Record<HostKeyKind, () => { privateKey: string; publicKey: string }> = {
  ecdsa: makeKey,
  rsa: () => {
    const made = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });
    return { privateKey: made.private, publicKey: made.public };
  },
  ed25519: () => readable(() => ssh2.utils.generateKeyPairSync('ed25519')),
};

/** Of the ed25519 keys that ssh2 makes, one in three hundred it cannot read itself. */
function readable(make: () => { private: string; public: string }): { privateKey: string; publicKey: string } {
  for (;;) {
    const made = make();
    if (!(ssh2.utils.parseKey(made.private) instanceof Error)) {
      return { privateKey: made.private, publicKey: made.public };
    }
  }
}
