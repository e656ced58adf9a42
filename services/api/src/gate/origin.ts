/** A browser sends the cookie along with whatever another site makes it send; only the origin tells them apart. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import { SESSION_COOKIE } from '../session.ts';

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Undefined: it may be looked at. */
export function foreignOrigin(request: FastifyRequest): Problem | undefined {
  const { origin } = request.headers;
  const host = request.client.host;
  if (!CHANGING.has(request.method) || !isFromBrowser(request) || isOwn(origin, request.client)) return undefined;
  return new Problem(
    403,
    `A change with the session cookie, and a form, must come from this server's own pages: header Origin is ${origin ?? 'missing'}, expected the origin of ${host}.`,
  );
}

/** With the cookie, or where forms are sent: another site's page could sign somebody in as another. Whatever it calls its body. */
const isFromBrowser = ({ cookies, headers, routeOptions }: FastifyRequest): boolean =>
  cookies[SESSION_COOKIE] !== undefined || (headers.origin !== undefined && routeOptions.config.isForm === true);

/** Where a proxy ends TLS for us only it knows that it was there. */
export function isOwn(origin: string | undefined, { host, isSecure }: { host: string; isSecure: boolean }): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  if (protocol !== 'https:' && (protocol !== 'http:' || isSecure)) return false;
  // The port that a scheme has by itself is left out by browsers and written by some proxies.
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === from;
}
