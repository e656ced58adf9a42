import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { printable, redactText } from '@lazada-sof/redact';
import ts from 'typescript-5';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FILES = ['packages', 'services']
  .flatMap((floor) => globSync(`${floor}/*/src/**/*.ts`, { cwd: ROOT }))
  .filter((file) => !/\.(test|fixture)\.ts$|^packages\/(redact|testkit)\/|^services\/simulator\//.test(file));

/** Those that show how a secret is written. */
const TEACHES = [
  /secrets come from files, or from standard input as lines appSecret=…/,
  /scheme:\/\/user:password@host/,
  /sftp:\/\/user:password@host/,
  /Authorization: Bearer (<api key>|\S)/i,
];
const STATEMENT = /\b(select|update|insert|delete|create|set)\b[\s\S]*(=|\bfrom\b|\binto\b)|^\s+\w+ = \$\d/;

/** What a reader sees of it: a name where something is put in. */
function sentencesOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push(node.head.text + node.templateSpans.map(({ literal }) => `demo-sg${literal.text}`).join(''));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest));
  return found.filter((text) => / \S+ /.test(text) && !STATEMENT.test(text));
}

test('no sentence of ours loses a word on its way to a log: the way out stands there too', () => {
  const sentences = FILES.flatMap(sentencesOf).filter((text) => !TEACHES.some((form) => form.test(text)));
  expect(sentences.length).toBeGreaterThan(1_000);
  expect(sentences.map(printable).filter((text) => redactText(text) !== text)).toEqual([]);
});
