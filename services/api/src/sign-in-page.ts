/** What a person without a session sees instead of a page: a form of name and password, sent to `POST /session`. No script. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathHere } from './gate/path-here.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f4f5f7, #16181d); }
form { display: grid; gap: 1rem; width: min(24rem, 92vw); padding: 2rem; border-radius: 12px; background: light-dark(#fff, #22252c); box-shadow: 0 2px 16px #0003; }
h1 { margin: 0; font-size: 1.25rem; }
label { display: grid; gap: .25rem; font-size: .9rem; }
input, button { font: inherit; padding: .6rem .7rem; border-radius: 8px; border: 1px solid light-dark(#868d99, #737a87); }
button { border: 0; background: light-dark(#0f1689, #4a55d8); color: #fff; cursor: pointer; }
:focus-visible { outline: 3px solid #f57224; outline-offset: 2px; }
[role=alert]:empty { display: none; }
[role=alert] { margin: 0; color: light-dark(#b3261e, #ff9a90); }`;

const pageOf = (next: string, words: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Sign in: Lazada SOF</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<form method="post" action="/session">
<input type="hidden" name="next" value="${escaped(pathHere(next))}">
<h1>Lazada Seller Own Fleet</h1>
<label>User <input name="user" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<p role="alert">${escaped(words)}</p>
<button>Sign in</button>
</form>
</main>
</body>
</html>
`;

const MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => MARKS[mark] ?? mark);

const hashOf = (code: string) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
/** Exactly this style and this form, nothing else. */
const CSP = `default-src 'none'; style-src ${hashOf(STYLE)}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

/** True for a browser that opens a page; calls of programs and of a page's own scripts want a problem document. */
export const wantsPage = (request: FastifyRequest): boolean => request.method === 'GET' && acceptsPage(request);

export const acceptsPage = ({ headers }: FastifyRequest): boolean => (headers.accept ?? '').includes('text/html');

type SignInPage = {
  /** Where to go afterwards. */
  readonly next: string;
  readonly status?: number;
  /** Why nobody was signed in. */
  readonly words?: string;
};

export const sendSignInPage = (reply: FastifyReply, { next, status = 401, words = '' }: SignInPage): FastifyReply =>
  reply
    .code(status)
    .header('content-security-policy', CSP)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(pageOf(next, words));
