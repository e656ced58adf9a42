/** Of IPv6 the /48 around what `addressBlock` gives, as much as one customer has: 65,536 blocks of it. Null: there is none. */
export function siteBlock(block: string): string | null {
  const [, site] = /^((?:[\da-f]{1,4}:){2}[\da-f]{1,4}):[\da-f]{1,4}::\/64$/i.exec(block) ?? [];
  return site === undefined ? null : `${site}::/48`;
}
