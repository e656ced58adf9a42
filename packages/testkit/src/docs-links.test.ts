import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGES = ['*.md', 'docs/**/*.md', 'packages/*/*.md'].flatMap((pattern) => globSync(pattern, { cwd: ROOT }));

/** Without blocks of code, in which `#` begins a comment and brackets are none of ours. */
const textOf = (page: string): string => readFileSync(page, 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
const headingsOf = (text: string): string[] => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);

/** As GitHub makes them, signs left out and spaces as dashes. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');

function brokenLinksOf(page: string): string[] {
  const links = [...textOf(join(ROOT, page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(join(ROOT, page), link));
}

function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const to = path === '' ? from : resolve(dirname(from), path);
  if (!existsSync(to)) return false;
  return anchor === undefined || headingsOf(textOf(to)).map(anchorOf).includes(anchor);
}

describe.each(PAGES)('%s', (page) => {
  test('leads nowhere that is not there', () => expect(brokenLinksOf(page)).toEqual([]));

  test('has an empty line before and behind each heading and each table', () => {
    const lines = textOf(join(ROOT, page)).split('\n');
    const kindOf = (line = '') =>
      /^#+ /.test(line) ? 'heading' : line.startsWith('|') ? 'table' : line === '' ? '' : 'text';
    const glued = lines.filter((line, at) => {
      const [before, here] = [kindOf(lines[at - 1]), kindOf(line)];
      return (
        at > 0 && before !== '' && here !== '' && before !== here && [before, here].some((kind) => kind !== 'text')
      );
    });
    expect(glued).toEqual([]);
  });

  test('has no table that an empty line cuts in two', () => {
    const tables = textOf(join(ROOT, page)).match(/^\|.*(?:\n\|.*)*/gm) ?? [];
    expect(tables.filter((table) => !/^.*\n\|[ :|-]+\|(?:\n|$)/.test(table))).toEqual([]);
  });
});

test('every section of the operations page stands in its index', () => {
  const text = textOf(join(ROOT, 'docs/operations.md'));
  const [index = ''] = text.split('\n## ');
  const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => `](#${anchorOf(heading)})`);
  expect(sections.filter((link) => !index.includes(link))).toEqual([]);
});

test('the pages are found', () => {
  expect(PAGES.map((page) => relative('.', page))).toEqual(expect.arrayContaining(['README.md', 'docs/operations.md']));
});
