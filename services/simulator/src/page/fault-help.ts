/** How to break it: a command for each kind of fault. */
import { type Html, html } from './html.ts';

const EXAMPLES: readonly [string, object][] = [
  ['the next five statuses are answered 503, and not taken', { api: 'sof', path: 'sof/status', times: 5, status: 503 }],
  ['a status is taken, and the answer lost', { api: 'sof', path: 'sof/status', times: 1, drop: 'after' }],
  ['the connection breaks before anything is done', { api: '*', times: 3, drop: 'before' }],
  ['half an answer', { api: 'lazada', path: '/orders/items/get', times: 1, drop: 'half' }],
  ['Pack takes 20 seconds', { api: 'lazada', path: '/order/fulfill/pack', delayMs: 20_000, times: 1 }],
  [
    'a page instead of JSON',
    { api: 'lazada', body: '<html>Service busy</html>', headers: { 'content-type': 'text/html' }, times: 2 },
  ],
  [
    'Lazada bans the app for 3 seconds',
    { api: 'lazada', body: { code: 'ApiCallLimit', message: 'this ban will last 3 seconds' }, times: 1 },
  ],
  [
    'a refusal that says back every secret and every buyer',
    { api: 'sof', path: 'sof/status', status: 400, echo: 'json' },
  ],
  ['one call in ten fails', { api: '*', share: 0.1, status: 502 }],
  ['an answer of 100 MB', { api: 'lazada', path: '/orders/items/get', size: 104_857_600, times: 1 }],
  ['one byte a second', { api: 'lazada', bytesPerSecond: 1, times: 1 }],
];

export function faultHelp(origin: string): Html {
  const lines = EXAMPLES.map(([what, fault]) => {
    const body = JSON.stringify(fault).replaceAll("'", "'\\''");
    return html`<dt>${what}</dt><dd><code>curl -s ${origin}/faults -H 'content-type: application/json' -d '${body}'</code></dd>`;
  });
  return html`<dl>${lines}<dt>all well again</dt><dd><code>curl -s -X DELETE ${origin}/faults</code></dd></dl>
<p>A fault hits the calls that fit all it names: <code>api</code> (sof, lazada, dhl, *), <code>path</code> (a name from the table of calls), <code>account</code> (seller id),
<code>match</code> (some text of the request). <code>times</code>, <code>skip</code> and <code>share</code> say how often. What goes wrong: <code>status</code>, <code>body</code>, <code>bodyBase64</code>, <code>echo</code>,
<code>headers</code>, <code>size</code>, <code>delayMs</code>, <code>bytesPerSecond</code>, <code>drop</code> (before, after, half); with <code>processed</code> the call is done although another answer goes out.</p>`;
}
