/** Settings, each by its own type: a value of the type, or words; and addresses of file targets. */
import fc from 'fast-check';
import { openFileStore } from '../../clients/src/file-store/open.ts';
import { BadTargetUrlError } from '../../clients/src/index.ts';
import { ConfigError, readConfig } from '../../runtime/src/config.ts';
import { secretsIn } from '../../runtime/src/settings/secrets-in.ts';
import { SETTINGS, type SliceName } from '../../runtime/src/settings.ts';
import { isData } from './canned.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutatedText } from './mutated.ts';

const ALL = Object.entries(SETTINGS).flatMap(([slice, settings]) =>
  Object.values(settings).map((setting) => ({ slice: slice as SliceName, ...setting })),
);
const NAMES = ALL.map(({ name }) => name);
const EXAMPLES = [
  ...ALL.flatMap(({ default: value, example }) => [value, example]).filter((text) => text !== undefined && text !== ''),
  ...[
    'sftp://u:p@h:22/in?hostkey=SHA256:abc',
    'ftp://u:p@[::1]/~/in?partial=suffix&connections=4',
    'file:///srv/in',
    '::1/128',
  ],
  ...[
    'redis+cluster://:p@a:1,b:2',
    'postgres://u:p%40@h/db?sslmode=require',
    '10.0.0.0/8,127.0.0.1,fd00::/8',
    '1d,7d,30d',
  ],
] as string[];
const PIECES = [
  ...[
    '://',
    ':',
    '/',
    '@',
    '?',
    '&',
    '#',
    '%',
    '%zz',
    '%00',
    '%0a',
    '%2e%2e',
    '[',
    ']',
    ',',
    '*',
    '.',
    '..',
    '-1',
    '0',
    '1e9',
    '1e999',
  ],
  ...[
    'ms',
    's',
    'm',
    'h',
    'd',
    '0x10',
    '٣',
    'none',
    'true',
    '/0',
    '/129',
    'hostkey=',
    'connections=999',
    '127.1',
    '__proto__',
    '\0',
  ],
];
/** Words of a mistake that are the same whatever was written. */
const HELP = /write .*|add the server.*|two keys .*|connections in .*|partial in .*|[A-Z_]+ \(not shown\)/g;
const LONGEST_MISTAKE = 2_000;

type Input = { readonly name: string; readonly text: string };

export default defineFuzz<Input>({
  known: NAMES.flatMap((name) =>
    // On which a pattern could walk back and forth.
    [
      ...EXAMPLES,
      'a'.repeat(50_000),
      '1,'.repeat(20_000),
      'a.'.repeat(20_000),
      '%'.repeat(20_000),
      ' '.repeat(50_000),
    ].map((text) => ({
      name,
      text,
    })),
  ),
  inputs: fc.record({
    name: fc.constantFrom(...NAMES),
    text: fc.oneof(
      mutatedText(EXAMPLES, PIECES),
      fc.array(fc.constantFrom(...PIECES)).map((all) => all.join('')),
    ),
  }),
  holds({ name, text }) {
    const slices = ALL.filter((setting) => setting.name === name).map(({ slice }) => slice);
    for (const slice of slices) {
      const words = mistakesOf(slice, name, text);
      const isSecret = ALL.some((setting) => setting.name === name && setting.secret);
      for (const word of words) {
        promised(!isSecret || !word.replaceAll(HELP, '').includes(text) || text.length < 8, `no secret in ${word}`);
        promised(word.length < LONGEST_MISTAKE + 7 * text.length, `a mistake of ${word.length} characters`);
      }
    }
    promised(
      secretsIn(text).every((secret) => typeof secret === 'string'),
      'secrets are texts',
    );
    promised(isTargetOrSaysWhy(text), 'a target or mistakes in its address');
  },
});

/** Of this setting, where it stands alone: others of its slice may be missing. */
function mistakesOf(slice: SliceName, name: string, text: string): readonly string[] {
  try {
    isData(readConfig([slice], { [name]: text }), slice);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.filter((mistake) => mistake.startsWith(name));
  }
}

function isTargetOrSaysWhy(text: string): boolean {
  if (!/^(ftp|ftps|sftp|file):/.test(text)) return true;
  try {
    // Opens no connection before it is used.
    openFileStore(text);
    return true;
  } catch (error) {
    if (error instanceof BadTargetUrlError) return error.mistakes.length > 0;
    throw error;
  }
}
