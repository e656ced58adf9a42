import { describe, expect, test } from '@jest/globals';
import { csvLine } from './csv.ts';

describe('a line of a CSV of ours', () => {
  test.each<[what: string, cells: string[], line: string]>([
    ['ends as Excel ends its own', ['a', 'b'], 'a,b\r\n'],
    ['has empty cells', ['a', '', '', 'd'], 'a,,,d\r\n'],
    ['leaves the digits of an id alone', ['4000000000000001'], '4000000000000001\r\n'],
    ['keeps a comma within its cell', ['a,b', 'c'], '"a,b",c\r\n'],
    ['doubles quotes', ['say "hi"'], '"say ""hi"""\r\n'],
    ['keeps a line break within its cell', ['a\nb'], '"a\nb"\r\n'],
    ['puts an apostrophe before =', ['=1+1'], "'=1+1\r\n"],
    ['before +', ['+65 1'], "'+65 1\r\n"],
    ['before -', ['-5'], "'-5\r\n"],
    ['before @', ['@SUM(A1)'], "'@SUM(A1)\r\n"],
    ['before a tab', ['\t=1'], "'\t=1\r\n"],
    ['before CR, and in quotes', ['\r=1'], '"\'\r=1"\r\n'],
    ['before a formula that holds quotes', ['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"\r\n'],
    ['not where such a sign stands behind another', ['a=1', "'=1"], "a=1,'=1\r\n"],
  ])('%s', (_, cells, line) => expect(csvLine(cells)).toBe(line));
});
