/**
 * What a careless server says in a refusal: all that it was sent, and what it knows of the account and its buyers, in one of the
 * notations in which such words come. Nobody who keeps them may keep that.
 */
import { buyerOf } from '../world/orders.ts';
import type { World } from '../world/world.ts';
import type { Answer, Call } from './call.ts';

export const ECHOES = ['json', 'nested', 'quoted', 'html', 'pairs', 'words', 'base64'] as const;
export type Echo = (typeof ECHOES)[number];

/** In place of the answer, in the form of a refusal of that API. */
export function echoAnswer(world: World, call: Call, { echo, status }: { echo: Echo; status: number }): Answer {
  const words = WRITTEN[echo](heard(world, call));
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(REFUSALS[call.api](words)),
  };
}

const REFUSALS: Readonly<Record<Call['api'], (words: string) => object>> = {
  lazada: (message) => ({ type: 'ISV', code: '35', message, request_id: '0ba2887315178178017221014' }),
  sof: (detail) => ({ detail }),
  dhl: (detail) => ({ title: 'Bad Request', detail }),
};

type Heard = Readonly<Record<string, unknown>>;

function heard(world: World, call: Call): Heard {
  const account = world.account(call.account ?? '');
  const orders = [...world.orders.values()].filter(({ sellerId }) => sellerId === account?.sellerId);
  const { authorization, 'dhl-api-key': key } = call.headers;
  return {
    ...sent(call),
    ...(authorization !== undefined && { authorization }),
    ...(key !== undefined && { 'dhl-api-key': key }),
    app_secret: account?.appSecret,
    sofPassword: account?.sofPassword,
    'refresh-token': account?.refreshTokens.at(-1)?.value,
    recipient: orders.map(buyerOf),
    customer_first_name: orders.map(buyerOf).at(-1)?.name,
  };
}

function sent({ query, body }: Call): Heard {
  const inQuery = Object.fromEntries(query);
  if (!body.startsWith('{')) return { ...inQuery, ...Object.fromEntries(new URLSearchParams(body)) };
  return { ...inQuery, ...(JSON.parse(body) as object) };
}

const inHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const pairs = (said: Heard) => Object.entries(said).map(([name, value]) => [name, textOf(value)] as const);
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const WRITTEN: Readonly<Record<Echo, (heard: Heard) => string>> = {
  json: (said) => JSON.stringify(said),
  nested: (said) => JSON.stringify({ request: JSON.stringify(said) }),
  quoted: (said) => JSON.stringify(said).replaceAll('"', "'"),
  html: (said) => `<pre>${inHtml(JSON.stringify(said))}</pre>`,
  pairs: (said) =>
    pairs(said)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  // Under no name at all; a buyer's cannot be known there.
  words: ({ recipient: _, customer_first_name: __, ...said }) =>
    pairs(said)
      .map(([, value]) => value)
      .join(' and '),
  base64: ({ sofPassword, app_secret }) => `${btoa(`user:${sofPassword}`)} or ${btoa(`x:${app_secret}`)}`,
};
