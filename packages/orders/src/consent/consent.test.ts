import { describe, expect, test } from '@jest/globals';
import { HOUR } from '../model/schedules.ts';
import { type ConsentAnswer, consentedShop, consentLink, readConsent, wrongLink } from './consent.ts';

describe('the link', () => {
  test.each([
    ['the token host', 'https://auth.lazada.com/rest', 'https://auth.lazada.com'],
    ['a simulator', 'http://127.0.0.1:8090/rest', 'http://127.0.0.1:8090'],
  ])('is the consent page on the host of %s', (_, authUrl, origin) => {
    const redirectUrl = 'https://shop.example/back?x=1&y=a b';
    const link = new URL(consentLink({ authUrl, appKey: '100132', redirectUrl, state: 's-1' }));
    expect(link.origin + link.pathname).toBe(`${origin}/oauth/authorize`);
    expect(Object.fromEntries(link.searchParams)).toEqual({
      response_type: 'code',
      force_auth: 'true',
      redirect_uri: redirectUrl,
      client_id: '100132',
      state: 's-1',
    });
  });
});

describe('what a person gives back', () => {
  const CODE = '0_100132_2DL4DV3jcU1UOT7WGI1A4rY91';
  test.each<[says: string, given: string, expected: ConsentAnswer | RegExp]>([
    ['the code alone', CODE, { code: CODE, state: null }],
    ['with the line ending of a file', `  ${CODE}\r\n`, { code: CODE, state: null }],
    ['the whole address', `https://a.example/back?code=${CODE}&state=s-1`, { code: CODE, state: 's-1' }],
    ['as some browsers copy it', `a.example/back?state=s%2D1&code=${CODE}`, { code: CODE, state: 's-1' }],
    ['with parameters of its own', `https://a.example/?x=1&code=${CODE}&state=s-1#top`, { code: CODE, state: 's-1' }],
    ['without a state', `https://a.example/?code=${CODE}`, { code: CODE, state: null }],
    ['with an empty state', `https://a.example/?code=${CODE}&state=`, { code: CODE, state: null }],
    ['nothing', ' \n', /nothing was given/],
    ['a denial', 'https://a.example/?error=access_denied&state=s-1', /did not give consent \(access_denied\)/],
    [
      'a denial with words that would steer a terminal',
      'https://a.example/?error=access_denied&error_description=no%1B%5B2J',
      /\(access_denied: no\[2J\)/,
    ],
    ['a denial in spite of a code', `https://a.example/?code=${CODE}&error=access_denied`, /did not give consent/],
    ['the link itself', 'https://auth.lazada.com/oauth/authorize?client_id=1', /address holds no code/],
    ['an address without anything', 'https://a.example/back', /is no code and holds none/],
    ['two words', 'my code', /is no code and holds none/],
  ])('%s', (_, given, expected) => {
    const answer = readConsent(given);
    if (expected instanceof RegExp) expect(answer).toEqual({ refused: expect.stringMatching(expected) });
    else expect(answer).toEqual(expected);
    if ('refused' in answer) expect(answer.refused).not.toContain(CODE);
  });
});

describe('whether it answers the link that was opened', () => {
  const NOW = new Date('2026-03-01T01:00:00Z');
  const at = (ms: number) => new Date(NOW.getTime() - ms);
  test.each<[says: string, link: { state: string | null; at: Date | null }, answered: string | null, RegExp | null]>([
    ['it does', { state: 's-1', at: at(0) }, 's-1', null],
    ['a bare code is believed while a link is open', { state: 's-1', at: at(HOUR - 1) }, null, null],
    ['another state', { state: 's-1', at: at(0) }, 's-2', /another link/],
    ['an hour later', { state: 's-1', at: at(HOUR) }, 's-1', /older than an hour/],
    ['a bare code an hour later', { state: 's-1', at: at(HOUR) }, null, /older than an hour/],
    ['no link', { state: null, at: null }, 's-1', /no link of ours is open/],
    ['a bare code without a link', { state: null, at: null }, null, /no link of ours is open/],
  ])('%s', (_, link, answered, expected) => {
    const wrong = wrongLink(link, answered, NOW);
    if (expected) expect(wrong).toMatch(expected);
    else expect(wrong).toBeNull();
  });
});

describe('for which shop the seller consented', () => {
  const shop = (country: string) => ({ country, sellerId: `1${country}`, shortCode: `${country}1` });
  test.each<[says: string, countries: string[], expected: object]>([
    ["the account's", ['sg'], { shop: shop('sg') }],
    ['of several countries', ['my', 'sg', 'th'], { shop: shop('sg') }],
    [
      'another one',
      ['my', 'th'],
      { refused: expect.stringContaining('consented for MY, TH, and the account is of SG') },
    ],
    ['of no country', [], { refused: expect.stringContaining('no country that Lazada names') }],
  ])('%s', (_, countries, expected) => {
    expect(consentedShop('SG', countries.map(shop))).toEqual(expected);
  });
});
