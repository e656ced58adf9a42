/** Recorded bytes of which some were changed, taken out, repeated, or put in from elsewhere. */
import fc from 'fast-check';

type Change =
  | { readonly is: 'byte'; readonly at: number; readonly byte: number }
  | { readonly is: 'without' | 'twice'; readonly at: number; readonly length: number }
  | { readonly is: 'with'; readonly at: number; readonly token: number }
  | { readonly is: 'instead'; readonly at: number; readonly length: number; readonly token: number }
  | { readonly is: 'until' | 'from'; readonly at: number }
  | { readonly is: 'go on as'; readonly at: number; readonly other: number; readonly from: number };

/** What readers of many formats trip over. */
const TOKENS = [
  '\0',
  '\r\n',
  '\n',
  '"',
  "'",
  '<',
  '>',
  '&',
  '%',
  '\\',
  '\ufeff',
  '\u202e',
  '\u2028',
  '\ud800',
  '-1',
  '99999999999999999999',
];

/** A place within anything, as a part of 65,536. */
const place = fc.nat({ max: 0xffff });
const length = fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 4_096 }));

const changeOf = (tokens: number, samples: number): fc.Arbitrary<Change> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ is: fc.constant('byte' as const), at: place, byte: fc.nat({ max: 255 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ is: fc.constantFrom('without' as const, 'twice' as const), at: place, length }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ is: fc.constant('with' as const), at: place, token: fc.nat({ max: tokens - 1 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        is: fc.constant('instead' as const),
        at: place,
        length,
        token: fc.nat({ max: tokens - 1 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ is: fc.constantFrom('until' as const, 'from' as const), at: place }) },
    {
      weight: 1,
      arbitrary: fc.record({
        is: fc.constant('go on as' as const),
        at: place,
        other: fc.nat({ max: samples - 1 }),
        from: place,
      }),
    },
  );

type Bytes = string | Uint8Array;

export function mutated(samples: readonly Bytes[], ownTokens: readonly Bytes[] = []): fc.Arbitrary<Buffer> {
  const tokens = [...ownTokens, ...TOKENS].map((token) => Buffer.from(token));
  const originals = samples.map((sample) => Buffer.from(sample));
  const empty = Buffer.alloc(0);
  const within = (bytes: Buffer, part: number) => Math.floor((part * (bytes.length + 1)) / 0x10000);

  function changed(bytes: Buffer, change: Change): Buffer {
    const at = within(bytes, change.at);
    const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (change.is) {
      case 'byte':
        return Buffer.concat([before, Buffer.of(change.byte), behind.subarray(1)]);
      case 'without':
        return Buffer.concat([before, behind.subarray(change.length)]);
      case 'twice':
        return Buffer.concat([before, behind.subarray(0, change.length), behind]);
      case 'with':
        return Buffer.concat([before, tokens[change.token] ?? empty, behind]);
      case 'instead':
        return Buffer.concat([before, tokens[change.token] ?? empty, behind.subarray(change.length)]);
      case 'until':
        return before;
      case 'from':
        return behind;
      case 'go on as': {
        const other = originals[change.other] ?? empty;
        return Buffer.concat([before, other.subarray(within(other, change.from))]);
      }
    }
  }

  return fc
    .tuple(fc.constantFrom(...originals), fc.array(changeOf(tokens.length, originals.length), { maxLength: 6 }))
    .map(([sample, changes]) => changes.reduce(changed, sample));
}

/** The same of texts; what is no UTF-8 any more becomes U+FFFD. */
export const mutatedText = (samples: readonly string[], tokens: readonly string[] = []): fc.Arbitrary<string> =>
  mutated(samples, tokens).map((bytes) => bytes.toString());
