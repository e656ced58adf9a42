import { expect, test } from '@jest/globals';
import { pathHere } from './path-here.ts';

test.each([
  ['/', '/'],
  ['/queues', '/queues'],
  ['/orders?late=true&account=a%2Fb#top', '/orders?late=true&account=a%2Fb#top'],
  ['/orders/shop 1/ü', '/orders/shop%201/%C3%BC'],
  ['/a//b', '/a//b'],
  ['/%2F/evil.example', '/%2F/evil.example'],
  ['/@evil.example', '/@evil.example'],
  ['/a?next=https://evil.example', '/a?next=https://evil.example'],
])('%s is a path of this server', (asked, path) => {
  expect(pathHere(asked)).toBe(path);
});

test.each([
  ...['', 'queues', '?a', '#a', ' /queues', '.', '..//evil.example'],
  ...['//evil.example', '///evil.example', '//evil.example/%2f..', '//', '/\\evil.example', '\\\\evil.example'],
  ...['\\/evil.example', '/\t/evil.example', '/\n/evil.example', '/\r/evil.example', '\t//evil.example', '/a\\b'],
  ...['/.//evil.example', '/a/..//evil.example', '/%2e//evil.example', '/./%2E%2e//evil.example'],
  ...['https://evil.example', 'https:evil.example', 'HTTPS:/evil.example', 'http://here.invalid/a', '//here.invalid/a'],
  ...['javascript:alert(1)', 'data:text/html,x', '/a\r\nset-cookie: a=b', '/a\u0000', '/a\u007f', '/a\u0085b'],
])('%j is none: the start page', (asked) => {
  expect(pathHere(asked)).toBe('/');
});
