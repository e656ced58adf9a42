/**
 * The consent page: a seller of the app agrees or does not, and is sent back to the app's address with a code or an error.
 * Who agrees is a link on the page; a script opens it with `as=SELLER_ID`, or `as=nobody`.
 */
import type { FastifyInstance } from 'fastify';
import { type Html, html } from '../page/html.ts';
import { STYLE } from '../page/style.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { issueCode } from '../world/accounts.ts';
import type { Account } from '../world/model.ts';

type Asked = { readonly as?: string; readonly client_id?: string } & Readonly<Record<string, string>>;

export function consentRoutes(app: FastifyInstance, state: SimulatorState): void {
  app.get<{ Querystring: Asked }>('/oauth/authorize', ({ query }, reply) => {
    const sellers = [...state.world.accounts.values()].filter(({ appKey }) => appKey === query.client_id);
    const mistake = mistakeIn(query, sellers);
    if (mistake)
      return reply
        .code(400)
        .type(HTML)
        .send(page(html`<p class="bad">${mistake}</p>`).text);
    if (query.as === undefined) return reply.type(HTML).send(page(choices(query, sellers)).text);
    return reply.redirect(backTo(state, query, sellers), 302);
  });
  // Where the app's own page would be, so that a person has an address to copy.
  app.get('/consented', (_request, reply) => reply.type(HTML).send(page(COPY_IT).text));
}

const HTML = 'text/html; charset=utf-8';
const NOBODY = 'nobody';

const COPY_IT = html`<p>Here the app's own page would be. Copy the whole address of this page and give it to <code>sof account authorize</code>.</p>`;

function mistakeIn(query: Asked, sellers: readonly Account[]): string | null {
  if (sellers.length === 0) return `client_id ${query.client_id ?? '(none)'} is the app key of no account`;
  if (query.response_type !== 'code') return 'response_type must be code';
  if (!URL.canParse(query.redirect_uri ?? '')) return 'redirect_uri must be an address';
  const known = [NOBODY, ...sellers.map(({ sellerId }) => sellerId)];
  if (query.as !== undefined && !known.includes(query.as)) return `as=${query.as} is no seller of this app`;
  return null;
}

function backTo(state: SimulatorState, { as, redirect_uri = '', state: given }: Asked, sellers: readonly Account[]) {
  const back = new URL(redirect_uri);
  const seller = sellers.find(({ sellerId }) => sellerId === as);
  if (seller) back.searchParams.set('code', issueCode(state.world, seller).value);
  else back.searchParams.set('error', 'access_denied');
  if (given !== undefined) back.searchParams.set('state', given);
  return back.href;
}

function choices(query: Asked, sellers: readonly Account[]): Html {
  const link = (as: string) => `/oauth/authorize?${new URLSearchParams({ ...query, as })}`;
  const each = sellers.map(
    ({ sellerId, name, country }) =>
      html`<li><a href="${link(sellerId)}">${name}, ${country}, seller ${sellerId}</a></li>`,
  );
  return html`<p>App ${query.client_id ?? ''} asks for the orders of your shop. Who agrees?</p>
<ul>${each}<li><a href="${link(NOBODY)}">nobody: refuse</a></li></ul>`;
}

const page = (content: Html): Html => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Consent, simulated</title><style>${STYLE}</style></head>
<body><h1>Lazada simulator: consent</h1>${content}</body></html>`;
