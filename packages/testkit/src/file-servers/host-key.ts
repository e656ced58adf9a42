import { fingerprint, makeHostKey as makeKey } from '@lazada-sof/simulator/file-targets';

/** A new host key, and how it is pinned. */
export function makeHostKey(): { readonly privateKey: string; readonly fingerprint: string } {
  const key = makeKey();
  return { privateKey: key.privateKey, fingerprint: fingerprint(key) };
}
