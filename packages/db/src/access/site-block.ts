/** Of IPv6 the /48 around a network of /64, as much as one customer has: 65,536 such networks. Null: there is none. */
export function siteBlock(network: string): string | null {
  const [, site] = /^((?:[\da-f]{1,4}:){2}[\da-f]{1,4}):[\da-f]{1,4}::\/64$/i.exec(network) ?? [];
  return site === undefined ? null : `${site}::/48`;
}
