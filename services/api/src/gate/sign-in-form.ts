/** Sign-in and sign-out as a page's forms send them: what is refused is told in the page. */
import type { Logger } from '@lazada-sof/runtime';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asProblem, problemHandler } from '../problem.ts';
import { acceptsPage, sendSignInPage } from '../sign-in-page.ts';

/** A form always says where to go on, if only to the start. */
export function readForms(scope: FastifyInstance): void {
  scope.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, { next: '', ...Object.fromEntries(new URLSearchParams(body)) }),
  );
}

/** The error handler of their routes. */
export const refuseInPage =
  (log: Logger) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = asProblem(error, request);
    if (!isForm(request.headers['content-type']) || !acceptsPage(request) || problem.status >= 500)
      return problemHandler(log)(error, request, reply);
    const { status, message, headers } = problem;
    return sendSignInPage(reply.headers(headers), { status, words: message, next: nextOf(request.body) });
  };

/** Shown by itself to whoever signed out; elsewhere it stands in place of the page that was asked for. */
export function mountSignIn(app: FastifyInstance): void {
  app.get<{ Querystring: unknown }>(
    '/sign-in',
    { config: { access: 'open' }, schema: { hide: true } },
    ({ query }, reply) => sendSignInPage(reply, { status: 200, next: nextOf(query) }),
  );
}

/** However it is written: what the parser takes for a form is one. */
const isForm = (type: string | undefined): boolean =>
  /^\s*application\/x-www-form-urlencoded\s*(;|$)/i.test(type ?? '');

const nextOf = (sent: unknown): string =>
  typeof sent === 'object' && sent !== null && 'next' in sent && typeof sent.next === 'string' ? sent.next : '';
