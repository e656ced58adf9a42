/** JSON as somebody could send it: a recorded answer with odd values in it, its text damaged, or any at all. */
import fc from 'fast-check';
import { mutatedText } from './mutated.ts';

export const DEEP = 10_000;
export const deepList = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`;
export const deepObject = `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`;

/** Fields that every object seems to have, or that make one something else. */
export const NAMES_OF_THE_LANGUAGE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
  'then',
  'length',
  '0',
  '',
];

/** As they are written, since not each of them is a value of JavaScript. */
const ODD = [
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '-1',
    '1.5',
    '1e999',
    '-1e999',
    '1e-999',
    '9007199254740993',
    `${'9'.repeat(400)}`,
  ],
  ...['""', '" "', '"0"', '"\\u0000"', '"\\ud800"', '"\\u202e"', '"\\ud83d\\ude00"', '"null"', '"NaN"', '"=1+1"'],
  ...['[]', '{}', '[[]]', '[null]', '[{}]', '{"a":1}', '{"toString":1,"valueOf":1}', '{"toJSON":null,"then":1}'],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"__proto__":null}'],
  ...['"2024-13-45 99:99:99 +9999"', '"99999999999999999999"', '"0000-00-00"', `"${'x'.repeat(70_000)}"`],
];
const MANY = `[${Array(3_000).fill('null').join(',')}]`;

const oddValue = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...ODD) },
  { weight: 10, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(deepList, deepObject, MANY) },
);

/** Every text between quotes, every number, word, list and object of these texts may be put in another's place. */
export function foreignJson(samples: readonly string[]): fc.Arbitrary<string> {
  const strings = samples.map((sample) => JSON.stringify(JSON.parse(sample)));
  const odd = fc
    .tuple(fc.constantFrom(...strings), fc.array(fc.tuple(fc.nat(), oddValue), { minLength: 1, maxLength: 4 }))
    .map(([sample, changes]) => changes.reduce((text, [at, value]) => withValue(text, at, value), sample));
  const renamed = fc
    .tuple(fc.constantFrom(...strings), fc.nat(), fc.constantFrom(...NAMES_OF_THE_LANGUAGE))
    .map(([sample, at, name]) => withName(sample, at, name));
  const any = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      oddValue,
      fc.array(tie('value'), { maxLength: 4 }).map((values) => `[${values.join(',')}]`),
      fc
        .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES_OF_THE_LANGUAGE), fc.string()), tie('value')), {
          maxLength: 4,
        })
        .map((fields) => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
    ),
  })).value as fc.Arbitrary<string>;
  return fc.oneof(
    { weight: 6, arbitrary: odd },
    { weight: 2, arbitrary: renamed },
    { weight: 2, arbitrary: mutatedText(strings, ['{', '}', '[', ']', ':', ',', '"', '\\u0000', '1e999']) },
    { weight: 1, arbitrary: any },
  );
}

const VALUE = /"(?:[^"\\]|\\.)*"(?!:)|-?\d[\d.eE+-]*|true|false|null|[[{]/g;
const NAME = /"(?:[^"\\]|\\.)*"(?=:)/g;

function withValue(text: string, n: number, value: string): string {
  const all = [...text.slice(0, 20_000).matchAll(VALUE)];
  const found = all[n % Math.max(1, all.length)];
  if (!found) return value;
  const end = /^[[{]/.test(found[0]) ? endOf(text, found.index) : found.index + found[0].length;
  return text.slice(0, found.index) + value + text.slice(end);
}

function withName(text: string, n: number, name: string): string {
  const all = [...text.matchAll(NAME)];
  const found = all[n % Math.max(1, all.length)];
  return found ? text.slice(0, found.index) + JSON.stringify(name) + text.slice(found.index + found[0].length) : text;
}

/** Of a list or an object; brackets within texts are rare, and what comes of them is odd too. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if ('[{'.includes(text[at] ?? ' ')) depth += 1;
    if (']}'.includes(text[at] ?? ' ')) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
