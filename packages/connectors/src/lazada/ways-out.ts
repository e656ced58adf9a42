import { consentAgain } from '@lazada-sof/orders';

/** What a person does about a code that stops the whole account. Lazada's own words seldom say it. */
const WAYS_OUT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    AppWhiteIpLimit:
      "add this server's outgoing address to the app's IP whitelist (Open Platform console, App Management), or empty that list",
    InvalidAppKey: 'set the app key that the Open Platform console shows for this app',
    InsufficientPermission:
      'apply for the right to this API in the Open Platform console, then let the seller authorize the app again',
    AppNotSubscribed: "let the seller subscribe to the app in Lazada's Service Marketplace, then authorize it",
    InvalidApi:
      'look at LAZADA_REST_URL; where that is right, apply for the right to this API in the Open Platform console',
    InvalidApiPath:
      'look at LAZADA_REST_URL; where that is right, apply for the right to this API in the Open Platform console',
    E501: 'this seller may not use the API: look at the shop in the Seller Center, or ask its support',
    MissingParameter: 'set the app secret, and let the seller authorize the app again',
    IncompleteSignature: 'set the app secret that belongs to the app key',
    SellerNotVerified: 'let the seller be verified in the Seller Center',
  }),
);

/** Of a code alone: good for half an hour, and once. */
const USED_CODE = 'a code is good for half an hour, and once';

/** The same, where only the seller can mend it. */
export const withConsent = (code: string, message: string, account: string | undefined): string =>
  [message, code === 'InvalidCode' ? USED_CODE : '', account === undefined ? '' : consentAgain(account)]
    .filter(Boolean)
    .join(': ');

/** Lazada's words with the way out behind them, where there is one. */
export const withWayOut = (code: string, message: string): string => {
  const wayOut = WAYS_OUT.get(code);
  return wayOut ? `${message}: ${wayOut}; then test the account` : message;
};
