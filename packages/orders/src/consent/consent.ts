/**
 * A seller's consent at Lazada: the link that he opens, the address at which his browser ends, and whether it is the
 * answer to a link of ours. Pure; whoever exchanges the code is handed it by the account's row.
 */
import type { Country } from '../model/order.ts';
import { HOUR } from '../model/schedules.ts';

/** So long after it was made a link may be answered. */
export const CONSENT_LINK_MS: number = HOUR;

/** The name of the check that tells what a seller's code was worth. */
export const CONSENT_CHECK = 'consent';

/** The way out wherever an account's tokens are no good any more. */
export const consentAgain = (account: string): string =>
  `let the seller give consent again: sof account authorize ${account}`;

export type ConsentLink = {
  /** The token host; the consent page is on the same. */
  readonly authUrl: string;
  readonly appKey: string;
  /** Exactly as it is registered with the app. */
  readonly redirectUrl: string;
  readonly state: string;
};

export function consentLink({ authUrl, appKey, redirectUrl, state }: ConsentLink): string {
  const link = new URL('/oauth/authorize', authUrl);
  link.search = new URLSearchParams({
    response_type: 'code',
    // Else the browser's own session at Lazada answers, which may be another seller's.
    force_auth: 'true',
    redirect_uri: redirectUrl,
    client_id: appKey,
    state,
  }).toString();
  return link.href;
}

/** `state` is null where only the code was given. */
export type ConsentAnswer = { readonly code: string; readonly state: string | null } | { readonly refused: string };

const HOW = 'give the code, or the whole address at which the browser ended once the seller had agreed';

/** What a person copied: the code alone, or the address that holds it. The refusal repeats no code. */
export function readConsent(given: string): ConsentAnswer {
  const text = given.trim();
  if (text === '') return { refused: `nothing was given: ${HOW}` };
  const [, query] = /^[^?#]*[?#](.*)$/s.exec(text) ?? [];
  if (query === undefined)
    return isCode(text) ? { code: text, state: null } : { refused: `this is no code and holds none: ${HOW}` };
  const parameters = new URLSearchParams(query.replaceAll('#', '&'));
  const error = parameters.get('error');
  if (error) return { refused: `the seller did not give consent (${deniedWords(error, parameters)}); ask again` };
  const code = parameters.get('code') ?? '';
  if (!isCode(code)) return { refused: `this address holds no code: ${HOW}` };
  return { code, state: parameters.get('state') || null };
}

const isCode = (text: string): boolean => /^[\x21-\x7e]{4,500}$/.test(text) && !/[/:]/.test(text);

function deniedWords(error: string, parameters: URLSearchParams): string {
  const words = [error, parameters.get('error_description') ?? ''].filter(Boolean).join(': ');
  return words.replaceAll(/\p{C}/gu, '').slice(0, 200);
}

/** The link of ours that was opened last; nulls: none is. */
export type OpenedLink = { readonly state: string | null; readonly at: Date | null };

/** Why an answer is none to this link; null: it is. */
export function wrongLink({ state, at }: OpenedLink, answered: string | null, now: Date): string | null {
  if (state === null || at === null) return 'no link of ours is open: it was answered already, or never made';
  if (now.getTime() - at.getTime() >= CONSENT_LINK_MS) return 'its link is older than an hour';
  if (answered !== null && answered !== state)
    return 'its state is that of another link: another account, or one that a newer link replaced';
  return null;
}

/** A seller's shop in one country, as a consent names it. */
export type ConsentedShop = { readonly country: string; readonly sellerId: string; readonly shortCode: string };

/** The shop of this country among those that were consented for; else why the tokens are not kept. */
export function consentedShop(
  country: Country,
  shops: readonly ConsentedShop[],
): { readonly shop: ConsentedShop } | { readonly refused: string } {
  const shop = shops.find((one) => one.country.toUpperCase() === country);
  if (shop) return { shop };
  const found = [...new Set(shops.map((one) => one.country.toUpperCase()).filter(Boolean))].join(', ');
  return {
    refused: `the seller consented for ${found || 'no country that Lazada names'}, and the account is of ${country}: its orders would go to another shop`,
  };
}
