/** Whether an answer is one that the description of the API has. */
import { problemShape } from './problem.ts';

export type Paths = Readonly<Record<string, Readonly<Record<string, { responses: Responses }>>>>;
type Responses = Readonly<Record<string, { readonly content?: object }>>;

export type Answered = {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
};

/** Null: it is as described, or nothing of the kind is described (a page, a path that is none). Else what is wrong. */
export function undocumented(paths: Paths, answered: Answered): string | null {
  const { method, url, status, type, body } = answered;
  const operation = operationOf(paths, answered);
  if (!operation) return null;
  const found = operation.responses[status] ?? operation.responses.default;
  // A HEAD has the headers of its GET and no bytes.
  const types = Object.keys(found?.content ?? {});
  const sent = type?.split(';')[0];
  const what = `${method} ${url} answered ${status} as ${sent ?? 'nothing'}`;
  if (types.length === 0 ? sent !== undefined : !types.includes(sent ?? ''))
    return `${what}; described is ${types.join(' or ') || 'nothing'}`;
  if (sent !== 'application/problem+json' || method === 'HEAD') return null;
  const problem = problemShape.strict().safeParse(JSON.parse(body));
  return problem.success ? null : `${what}: ${problem.error.message}`;
}

function operationOf(paths: Paths, { method, url }: Answered) {
  const [path = ''] = url.split('?');
  // Of a fixed part and one that may be anything the fixed one is meant.
  const [known] = Object.keys(paths)
    .filter((one) => new RegExp(`^${one.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .toSorted((a, b) => a.split('{').length - b.split('{').length);
  return known === undefined ? undefined : paths[known]?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
}
