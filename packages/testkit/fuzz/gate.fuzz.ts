/** What stands around a request before anybody is known: nobody chooses where he comes from, who he is, or where he is sent. */
import { isIP } from 'node:net';
import fc from 'fast-check';
import { clientOf, openProxies } from '../../../services/api/src/gate/client.ts';
import { credentialOf } from '../../../services/api/src/gate/credential.ts';
import { bareAddress, networkOf } from '../../../services/api/src/gate/network.ts';
import { isOwn } from '../../../services/api/src/gate/origin.ts';
import { pathHere } from '../../../services/api/src/gate/path-here.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

const isProxy = openProxies(['10.0.0.0/8', '127.0.0.1', 'fd00::/8']);
const PROXIES = ['10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1', 'fd00::1'];
const OTHERS = ['203.0.113.7', '2001:db8::7', '::ffff:203.0.113.7', 'fe80::1%eth0', '::1'];
const HOPS = [
  ...['203.0.113.7', '10.0.0.2', '203.0.113.7:4711', '[2001:db8::7]:443', '2001:db8::7', 'unknown', '_hidden', ''],
  ...['::ffff:cb00:7107', '0x7f.1', '203.0.113.7, 10.0.0.2', ',', ' , ,', '203.0.113.7 10.0.0.2', '１２７.0.0.1'],
];
const PATHS = [
  ...[
    '/',
    '/orders?a=1#b',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/%2f/evil.example',
  ],
  ...[
    'https://evil.example',
    'javascript:alert(1)',
    '/a\r\nset-cookie: x',
    '/..//evil.example',
    '/.//evil.example',
    '/@evil',
  ],
];
const ORIGINS = [
  'https://api.test',
  'http://api.test:80',
  'null',
  'https://api.test.evil.example',
  'https://api.test@evil',
  '',
];
const KEY = `sof_${'k'.repeat(43)}`;
const AUTHORIZATIONS = [
  `Bearer ${KEY}`,
  `bearer  ${KEY}`,
  'Basic YTpi',
  `Bearer ${KEY} x`,
  `Bearer ${'x'.repeat(5_000)}`,
  '',
];

type Input = {
  readonly peer: string;
  readonly forwardedFor: string;
  readonly path: string;
  readonly origin: string;
  readonly authorization: string;
};

const usual: Input = { peer: '10.0.0.1', forwardedFor: '', path: '/', origin: '', authorization: '' };

export default defineFuzz<Input>({
  known: [
    ...HOPS.map((forwardedFor) => ({ ...usual, forwardedFor })),
    ...PATHS.map((path) => ({ ...usual, path })),
    ...ORIGINS.map((origin) => ({ ...usual, origin })),
    ...AUTHORIZATIONS.map((authorization) => ({ ...usual, authorization })),
    {
      ...usual,
      forwardedFor: '1,'.repeat(8_000),
      path: `/${'\\'.repeat(8_000)}`,
      authorization: `Bearer${' '.repeat(8_000)}`,
    },
  ],
  inputs: fc.record({
    peer: fc.oneof(fc.constantFrom(...PROXIES, ...OTHERS), fc.ipV4(), fc.ipV6()),
    forwardedFor: fc.oneof(
      mutatedText(HOPS),
      fc.array(fc.oneof(fc.constantFrom(...HOPS), fc.ipV4(), fc.ipV6())).map(String),
    ),
    path: mutatedText(PATHS),
    origin: mutatedText(ORIGINS),
    authorization: mutatedText(AUTHORIZATIONS),
  }),
  holds({ peer, forwardedFor, path, origin, authorization }) {
    const clientBy = (told: string) =>
      clientOf({ socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': told, host: 'api.test' } }, isProxy);
    const client = clientBy(forwardedFor);
    const here = bareAddress(peer);
    promised(isIP(client.address) !== 0, `an address, not ${client.address}`);
    promised(client.network === networkOf(client.address), 'counted by its own network');
    promised(client.address === here || isProxy(here), 'who is no proxy says nothing of himself');
    promised(client.address === here || !isProxy(client.address), 'a proxy of ours is nobody’s address');
    if (client.address !== here)
      promised(
        clientBy(`198.51.100.1,${forwardedFor}`).address === client.address,
        'what the client wrote before changes nothing',
      );

    const to = pathHere(path);
    promised(/^\/(?![/\\])[^\p{Cc}\\]*$/u.test(to), `a path of this server, not ${to}`);
    promised(new URL(to, 'https://api.test').origin === 'https://api.test', `here, not ${to}`);

    const own = isOwn(origin, { host: 'api.test', isSecure: true });
    promised(!own || new URL(origin).host === 'api.test', `our own origin, not ${origin}`);

    const found = credentialOf({ headers: { authorization }, cookies: {} }, { isSigned: () => true });
    promised(
      found === null || (found.kind === 'key' && /^sof_[\w-]{43}$/.test(found.value)),
      'a key as we make them, or nothing',
    );
  },
});
