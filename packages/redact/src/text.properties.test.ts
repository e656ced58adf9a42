import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redactText } from './text.ts';

const CANARY = 'cAnary-8f3a91';
const NAMES = ['password', 'sofPassword', 'client_secret', 'refresh-token', 'X-Api-Key', 'phone', 'address_shipping'];

/** Text around it that JSON, HTML and addresses have to escape. */
const around = fc.string({
  unit: fc.constantFrom('"', "'", '\\', '\n', 'a', ' ', '{', '}', ']', ',', 'é', '日'),
  maxLength: 12,
});
const secret = fc.tuple(around, around).map(([before, after]) => `${before}${CANARY}${after}`);
const other = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean());

/** A document that holds the canary somewhere under a name that is nobody's business. */
const hiding = fc.letrec((tie) => ({
  holder: fc
    .record({ name: fc.constantFrom(...NAMES), value: secret, before: other, after: other })
    .map(({ name, value, before, after }) => ({ before, [name]: value, after })),
  within: fc.oneof(
    { depthSize: 'small' },
    tie('holder'),
    fc.array(tie('within'), { minLength: 1, maxLength: 3 }),
    fc.record({ data: tie('within'), code: other }),
  ),
})).within;

const inHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('<', '&lt;');
const inSingleQuotes = (text: string) => text.replaceAll("'", "\\'").replaceAll('"', "'");
const NOTATIONS: Readonly<Record<string, (value: unknown) => string>> = {
  JSON: (value) => JSON.stringify(value),
  'indented JSON': (value) => JSON.stringify(value, null, 2),
  'JSON in JSON': (value) => JSON.stringify({ body: JSON.stringify(value) }),
  'JSON in JSON in JSON': (value) => JSON.stringify([JSON.stringify({ body: JSON.stringify(value) })]),
  'JSON in HTML': (value) => inHtml(JSON.stringify(value)),
  'JSON in single quotes': (value) => inSingleQuotes(JSON.stringify(value)),
  'the same in JSON': (value) => JSON.stringify(inSingleQuotes(JSON.stringify(value))),
  'JSON in HTML in JSON': (value) => JSON.stringify(inHtml(JSON.stringify(value))),
  'JSON in an address': (value) => encodeURIComponent(JSON.stringify(value)),
};

describe('wherever in a document and however escaped', () => {
  test.each(Object.keys(NOTATIONS))('%s', (name) => {
    fc.assert(
      fc.property(hiding, (document) => {
        expect(redactText(NOTATIONS[name]?.(document) ?? '')).not.toContain(CANARY);
      }),
    );
  });

  test.each(Object.keys(NOTATIONS))('cut anywhere: %s', (name) => {
    fc.assert(
      fc.property(hiding, fc.nat(), (document, at) => {
        const written = NOTATIONS[name]?.(document) ?? '';
        const shown = redactText(written.slice(0, at % (written.length + 1)));
        expect(shown).not.toContain(CANARY.slice(0, 8));
      }),
    );
  });
});

test('what was redacted stays as it is', () => {
  const piece = fc.constantFrom(
    'password',
    '"',
    ':',
    '=',
    ' ',
    '\\',
    '[',
    ']',
    '{',
    '}',
    'x',
    '&',
    'address',
    '@',
    '/',
    'token',
    ',',
    '<',
    '>',
    "'",
  );
  fc.assert(
    fc.property(fc.string({ unit: piece, maxLength: 40 }), (text) => {
      const once = redactText(text, { foreign: true });
      expect(redactText(once, { foreign: true })).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});
