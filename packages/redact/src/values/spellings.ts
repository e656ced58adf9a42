/** How others may write a secret that they were given. */

/** Shorter ones would black out ordinary words and numbers. */
export const SHORTEST_SECRET = 6;
/** What is sent as Basic authorization is a password, and passwords are short. */
const LONGEST_IN_BASE64 = 64;

/** Each spelling once: as it is, in JSON, in JSON in JSON, in an address, a form, HTML. */
export function spellingsOf(secret: string): readonly string[] {
  const json = inJson(secret);
  const encoded = encodeURIComponent(secret.toWellFormed());
  return [
    ...new Set([
      secret,
      json,
      inJson(json),
      json.replaceAll('/', '\\/'),
      encoded,
      encoded.replaceAll(/%../g, (one) => one.toLowerCase()),
      encoded.replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`),
      new URLSearchParams({ '': secret }).toString().slice(1),
      inHtml(secret),
      inHtml(json),
    ]),
  ].filter((spelling) => spelling.length >= SHORTEST_SECRET);
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const inHtml = (text: string) => text.replaceAll(/[&<>"']/g, (one) => ENTITIES[one] ?? one);

/** In Base64, behind any user name: a text looks in three ways, by what stands before it. Letters that its neighbours change are left out. */
export function inBase64(secret: string): readonly string[] {
  if (secret.length > LONGEST_IN_BASE64) return [];
  const fragments = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    return bytes.toString('base64').slice(first, last);
  });
  const all = fragments.flatMap((one) => [one, one.replaceAll('+', '-').replaceAll('/', '_')]);
  return [...new Set(all)].filter((fragment) => fragment.length >= SHORTEST_SECRET);
}
