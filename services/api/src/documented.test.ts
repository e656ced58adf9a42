import { expect, test } from '@jest/globals';
import { type Answered, undocumented } from './documented.fixture.ts';

const JSON_BODY = { content: { 'application/json': {} } };
const PROBLEM = { content: { 'application/problem+json': {} } };
const PATHS = {
  '/v1/things': { get: { responses: { 200: JSON_BODY, default: PROBLEM } } },
  '/v1/things/{name}': { get: { responses: { 200: JSON_BODY } }, delete: { responses: { 204: {}, default: PROBLEM } } },
  '/v1/things/{name}/file.pdf': { get: { responses: { 200: { content: { 'application/pdf': {} } }, 304: {} } } },
};
const answered = (fields: Partial<Answered>): Answered => ({
  method: 'GET',
  url: '/v1/things/one?x=1',
  status: 200,
  type: 'application/json; charset=utf-8',
  body: '{}',
  ...fields,
});
const problem = { type: 'about:blank', title: 'No', status: 404, detail: 'no', requestId: 'r' };
const refused = (body: object) => ({ type: 'application/problem+json', status: 404, body: JSON.stringify(body) });

test.each<[string, Partial<Answered>]>([
  ['what is described', {}],
  ['nothing, where nothing is', { method: 'DELETE', status: 204, type: undefined, body: '' }],
  ['a refusal by default', { url: '/v1/things', ...refused(problem) }],
  ['a file', { url: '/v1/things/one/file.pdf', type: 'application/pdf' }],
  ['its headers alone', { method: 'HEAD', url: '/v1/things/one/file.pdf', type: 'application/pdf', body: '' }],
  ['what belongs to nobody', { url: '/queues/api', type: 'text/html' }],
])('%s is as described', (_, fields) => expect(undocumented(PATHS, answered(fields))).toBeNull());

test.each<[string, Partial<Answered>, string]>([
  ['another kind of body', { type: 'text/html' }, 'answered 200 as text/html; described is application/json'],
  ['a status without a word', { status: 202 }, 'answered 202 as application/json; described is nothing'],
  ['a body where there is to be none', { method: 'DELETE', status: 204 }, 'described is nothing'],
  ['no body where there is to be one', { type: undefined }, 'answered 200 as nothing; described is application/json'],
  [
    'an answer that only looks like a default',
    { url: '/v1/things', status: 500 },
    'described is application/problem+json',
  ],
  ['a problem that says too little', { url: '/v1/things', ...refused({}) }, 'requestId'],
  ['a problem that says too much', { url: '/v1/things', ...refused({ ...problem, stack: 'x' }) }, 'stack'],
])('%s is not', (_, fields, words) => expect(undocumented(PATHS, answered(fields))).toContain(words));
