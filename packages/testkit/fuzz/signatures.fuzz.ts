/** What is signed and what claims to be: our requests to the Open Platform, and Lazada's pushes. */
import { createHmac, createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { signersOf } from '../../../services/api/src/webhooks/signature.ts';
import { sign } from '../../clients/src/open-platform/sign.ts';
import { NAMES_OF_THE_LANGUAGE } from './foreign-json.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

const appOf = (appKey: string, appSecret: string) => ({ appKey, signingKey: createSecretKey(appSecret, 'utf8') });
const APPS = [appOf('100', 'one'), appOf('100', 'another'), appOf('', 'of nobody')];
const signed = ({ appKey, signingKey }: (typeof APPS)[number], body: Uint8Array) =>
  createHmac('sha256', signingKey).update(appKey).update(body).digest('hex');

type Input = {
  readonly params: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly authorization: string | undefined;
};
const HEX = signed(appOf('100', 'one'), Buffer.from('{}'));

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...NAMES_OF_THE_LANGUAGE, 'é', 'e\u0301', '\ud800', '\0'),
);

export default defineFuzz<Input>({
  known: [
    undefined,
    '',
    HEX,
    HEX.toUpperCase(),
    `${HEX}\n`,
    `${HEX}0`,
    `Bearer ${HEX}`,
    '０'.repeat(64),
    'g'.repeat(64),
  ].map((authorization) => ({ params: [['__proto__', 'x']], body: Buffer.from('{}'), authorization })),
  inputs: fc.record({
    params: fc.array(fc.tuple(anyText, anyText), { maxLength: 6 }),
    body: fc.uint8Array({ maxLength: 64 }),
    authorization: fc.oneof(fc.constant(undefined), mutatedText([HEX, HEX.toUpperCase(), `Bearer ${HEX}`]), anyText),
  }),
  holds({ params, body, authorization }) {
    const given = Object.fromEntries(params);
    const signature = sign('/order/items/get', given, 'secret');
    promised(/^[0-9A-F]{64}$/.test(signature), `a signature, not ${signature}`);
    const turned = Object.fromEntries(params.toReversed().filter(([name, value]) => given[name] === value));
    promised(sign('/order/items/get', turned, 'secret') === signature, 'the same in whatever order they come');

    const signers = signersOf(APPS, Buffer.from(body), authorization);
    const isRight = APPS.some((app) => signed(app, body) === authorization?.toLowerCase());
    promised(signers.length > 0 === isRight, `signed by ${signers} with ${authorization}`);
    for (const app of APPS)
      promised(signersOf(APPS, Buffer.from(body), signed(app, body)).includes(app.appKey), 'whoever signs it is known');
  },
});
