/**
 * The fonts that every page may fall back on, behind its own and the machine's: the scripts of the six countries and of who
 * sells into them. Some 400 faces, each of some letters, of which a browser asks only for those that it draws.
 */
import { createRequire } from 'node:module';

type Need = {
  readonly family: string;
  readonly folder: string;
  /** Left out: all of them. Scripts' own packages hold Latin letters too, which are taken from the first. */
  readonly subsets?: readonly string[];
  /** Of a package with one file for each weight; left out: one file has all. */
  readonly weights?: readonly number[];
};

const ONE_FILE = '@fontsource-variable';
const LATIN = ['latin', 'latin-ext', 'vietnamese', 'cyrillic'];
/** In the order in which they are asked. Simplified Chinese before the others that share its signs. */
const NEEDED: readonly Need[] = [
  {
    family: 'Noto Sans',
    folder: '@fontsource/noto-sans',
    subsets: [...LATIN, 'cyrillic-ext', 'greek', 'greek-ext', 'devanagari'],
    weights: [400, 700],
  },
  { family: 'Noto Sans Thai', folder: '@fontsource/noto-sans-thai', subsets: ['thai'], weights: [400, 700] },
  { family: 'Noto Sans Tamil', folder: `${ONE_FILE}/noto-sans-tamil`, subsets: ['tamil'] },
  { family: 'Noto Sans Khmer', folder: `${ONE_FILE}/noto-sans-khmer`, subsets: ['khmer'] },
  { family: 'Noto Sans Myanmar', folder: `${ONE_FILE}/noto-sans-myanmar`, subsets: ['myanmar'] },
  { family: 'Noto Sans Lao', folder: `${ONE_FILE}/noto-sans-lao`, subsets: ['lao'] },
  { family: 'Noto Sans Arabic', folder: `${ONE_FILE}/noto-sans-arabic`, subsets: ['arabic'] },
  { family: 'Noto Sans SC', folder: `${ONE_FILE}/noto-sans-sc` },
  { family: 'Noto Sans TC', folder: `${ONE_FILE}/noto-sans-tc` },
  { family: 'Noto Sans JP', folder: `${ONE_FILE}/noto-sans-jp` },
  { family: 'Noto Sans KR', folder: `${ONE_FILE}/noto-sans-kr` },
  { family: 'Noto Sans Symbols', folder: `${ONE_FILE}/noto-sans-symbols`, subsets: ['symbols'] },
  {
    family: 'Noto Sans Symbols 2',
    folder: '@fontsource/noto-sans-symbols-2',
    subsets: ['symbols', 'math'],
    weights: [400],
  },
  { family: 'Noto Emoji', folder: `${ONE_FILE}/noto-emoji` },
];

/** The families in the order in which they are asked, behind the page's own. */
export const FAMILIES: string = NEEDED.map(({ family }) => `"${family}"`).join(', ');

type Face = { readonly file: string; readonly path: string; readonly rule: string };

const require = createRequire(import.meta.url);

let known: readonly Face[] | undefined;

function faces(): readonly Face[] {
  known ??= NEEDED.flatMap(facesOf);
  return known;
}

/** The rules of all faces, whose files lie under this address. */
export const fontFaces = (address: string): string =>
  faces()
    .map(({ rule, file }) => rule.replace('FILE', `${address}${file}`))
    .join('\n');

/** Where the file of a face lies on this machine. */
export const fontFile = (file: string): string | undefined => faces().find((face) => face.file === file)?.path;

function facesOf({ family, folder, subsets, weights }: Need): Face[] {
  const ranges: Record<string, string> = require(`${folder}/unicode.json`);
  const [, name = ''] = folder.split('/');
  // A script of thousands of letters is cut into pieces that have numbers: `[4]`.
  const wanted = subsets ?? Object.keys(ranges).filter((subset) => !LATIN.includes(subset));
  return wanted.flatMap((subset) =>
    (weights ?? ['wght']).map((weight) => {
      const file = `${name}-${subset.replace(/^\[(.*)\]$/, '$1')}-${weight}-normal.woff2`;
      const cssWeight = weight === 'wght' ? '100 900' : weight;
      const rule = `@font-face{font-family:"${family}";font-weight:${cssWeight};src:url(FILE) format("woff2");unicode-range:${ranges[subset]}}`;
      return { file, path: require.resolve(`${folder}/files/${file}`), rule };
    }),
  );
}
