/** Letters that machines without fonts of their own lack: Latin, Vietnamese and Thai, as `@font-face` without network. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const WEIGHTS = [400, 700] as const;
const NEEDED = [
  { family: 'Noto Sans', folder: '@fontsource/noto-sans', subsets: ['latin', 'latin-ext', 'vietnamese'] },
  { family: 'Noto Sans Thai', folder: '@fontsource/noto-sans-thai', subsets: ['thai'] },
] as const;

/** The families in the order in which they are asked, behind the page's own. */
export const FAMILIES = NEEDED.map(({ family }) => `"${family}"`).join(', ');

const require = createRequire(import.meta.url);

let faces: string | undefined;

/** Read once: a quarter of a megabyte. */
export function fontFaces(): string {
  faces ??= allFaces();
  return faces;
}

function allFaces(): string {
  return NEEDED.flatMap(({ family, folder, subsets }) => {
    const ranges: Record<string, string> = require(`${folder}/unicode.json`);
    return subsets.flatMap((subset) =>
      WEIGHTS.map((weight) =>
        fontFace({ family, weight, range: ranges[subset] ?? '', file: fileOf(folder, subset, weight) }),
      ),
    );
  }).join('\n');
}

const fileOf = (folder: string, subset: string, weight: number) =>
  require.resolve(`${folder}/files/${folder.replace('@fontsource/', '')}-${subset}-${weight}-normal.woff2`);

function fontFace({ family, weight, range, file }: { family: string; weight: number; range: string; file: string }) {
  const data = readFileSync(file).toString('base64');
  return `@font-face{font-family:"${family}";font-weight:${weight};src:url(data:font/woff2;base64,${data}) format("woff2");unicode-range:${range}}`;
}
