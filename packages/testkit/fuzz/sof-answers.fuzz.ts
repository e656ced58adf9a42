/** Answers of the SOF module: to a login, and to a status. */
import fc from 'fast-check';
import { authenticate } from '../../clients/src/sof/authenticate.ts';
import { sendUpdateOrderStatus } from '../../clients/src/sof/send-update-order-status.ts';
import { answer, answersOf, type CannedAnswer, connectionsWith, holdsAsCall, SECRET } from './canned.ts';
import { deepList, deepObject, foreignJson } from './foreign-json.ts';
import { defineFuzz } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

const SETTINGS = {
  ...{ baseUrl: 'https://sof.test', authPath: '/auth', statusPath: '/status' },
  ...{ usernameField: 'username', passwordField: 'password' },
};
const UPDATE = { status: 'shipped', trackingNumber: 'TN1', occurredAt: new Date(0) } as const;
const now = new Date(0);

const part = (claims: string) => Buffer.from(claims).toString('base64url');
const jwt = (claims: string) => `${part('{"alg":"HS256"}')}.${part(claims)}.x`;
const TOKENS = [
  '{"exp":1773472166}',
  '{"exp":1e999}',
  '{"exp":-1}',
  '{"exp":8640000000001}',
  '{"exp":{}}',
  deepList,
].map(jwt);
const LOGINS = [
  ...TOKENS.map((token) => JSON.stringify({ access_token: token })),
  ...['{"token":"a.b.c"}', '{"jwt":"x"}', `{"detail":"${SECRET}"}`],
];
const WORDS = [
  `{"error":"tracking number X1 doesn\\u2019t exist ${SECRET}"}`,
  'Required value missing',
  '<html><h1>502 Bad Gateway</h1></html>',
  'status "x" is not registered in the system',
];

type Input = { readonly call: 'login' | 'status'; readonly answer: CannedAnswer };
const both = (one: CannedAnswer): Input[] => [
  { call: 'login', answer: one },
  { call: 'status', answer: one },
];

export default defineFuzz<Input>({
  known: [
    ...[...LOGINS, ...WORDS, deepList, deepObject, ''].flatMap((body) => [
      ...both(answer(body)),
      ...both(answer(body, 400)),
    ]),
    // On which a pattern could walk back and forth.
    ...both(answer(`doesn${' '.repeat(1_000_000)}`, 400)),
    ...both(answer('doesn'.repeat(200_000), 400)),
  ],
  inputs: fc.record({
    call: fc.constantFrom('login', 'status'),
    answer: answersOf(fc.oneof(foreignJson(LOGINS), mutatedText([...LOGINS, ...WORDS]))),
  }),
  async holds(input) {
    const connections = connectionsWith(input.answer);
    await holdsAsCall(() =>
      input.call === 'login'
        ? authenticate(connections, SETTINGS, { username: 'u', password: SECRET }, { now })
        : sendUpdateOrderStatus(connections, SETTINGS, SECRET, UPDATE),
    );
  },
});
