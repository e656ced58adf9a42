/** JSON as such: whole numbers keep their digits, nothing gets a prototype of somebody else's. */
import { bareDigits, isDigits, parseJson } from '../../clients/src/http/json.ts';
import { NotAnIdError } from '../../clients/src/index.ts';
import { deepList, deepObject, foreignJson, NAMES_OF_THE_LANGUAGE } from './foreign-json.ts';
import { defineFuzz, promised } from './fuzz.ts';

const SAMPLES = ['{"id":260422899198627123,"list":[1,2.5,"x"],"a":{"b":null}}', '[-9007199254740993]'];

export default defineFuzz<string>({
  known: [
    ...[deepList, deepObject, '['.repeat(100_000), '{"a":'.repeat(100_000), '', ' ', '\ufeff{}', '{"a":1,"a":2}'],
    // Of a suite of parsers' tests (https://github.com/nst/JSONTestSuite).
    ...[
      '[1e1000]',
      '[0e]',
      '[-]',
      '[+1]',
      '[1.]',
      '[.1]',
      '[0x1]',
      '["\\uD800\\uDC00"]',
      '["\\uDFAA"]',
      '[1,]',
      '{"a":"b"}/**/',
    ],
    ...[`[${'9'.repeat(100_000)}]`, '["\u2028"]', '[\u000c]', '{"":0}', '{"a":-0}', '123123123123123123123'],
    ...NAMES_OF_THE_LANGUAGE.map((name) => `{${JSON.stringify(name)}:{"polluted":9007199254740993}}`),
  ],
  inputs: foreignJson(SAMPLES),
  holds(text) {
    const ours = parsed(() => parseJson(text));
    const plain = parsed(() => JSON.parse(text));
    // Whoever looks at each value goes in as deep as the text does, and the stack ends before the text may.
    if (ours instanceof RangeError) return;
    promised(ours instanceof SyntaxError === plain instanceof SyntaxError, 'what is JSON is read, and nothing else');
    const isPlain = typeof ours !== 'object' || ours === null || ours instanceof Error || Array.isArray(ours);
    promised(isPlain || Object.getPrototypeOf(ours) === Object.prototype, 'an object like every other');
    if (isDigits(text)) promised(JSON.stringify(bareDigits(text)) === text, 'digits go out as they are');
    else promised(parsed(() => bareDigits(text)) instanceof NotAnIdError, 'what is no id is said so');
  },
});

function parsed(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    const isKnown = error instanceof SyntaxError || error instanceof NotAnIdError;
    if (isKnown || error instanceof RangeError) return error;
    throw error;
  }
}
