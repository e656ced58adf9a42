/** Where somebody wanted to go before signing in: only ever a path of this server, since anybody can write a link to it. */

const HERE = 'http://here.invalid';

/** The path, as it may stand in a `Location`; `/` for what leads elsewhere or is none. */
export function pathHere(asked: string): string {
  // What browsers read as another host, or leave out before they read it, is not mended but refused.
  if (!asked.startsWith('/') || /^\/[/\\]|[\p{Cc}\\]/u.test(asked) || !URL.canParse(asked, HERE)) return '/';
  const { origin, pathname, search, hash } = new URL(asked, HERE);
  const path = `${pathname}${search}${hash}`;
  return origin === HERE && !path.startsWith('//') ? path : '/';
}
