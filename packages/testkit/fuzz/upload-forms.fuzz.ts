/** Forms with a file, read as they come: a file that is whole, or a problem. Each takes longer: 3,000 in `npm test`, 30,000 by `npm run fuzz`. */
import fc from 'fast-check';
import { Problem } from '../../../services/api/src/problem.ts';
import { readForm } from '../../../services/api/src/upload/read-form.ts';
import { defineFuzz, promised } from './fuzz.ts';
import { mutated, mutatedText } from './mutated.ts';

type Input = { readonly type: string | undefined; readonly body: Uint8Array; readonly chunk: number };

const TYPE = 'multipart/form-data; boundary=----x';
const part = (head: string, content: string) => `------x\r\n${head}\r\n\r\n${content}\r\n`;
const FILE = part(
  'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv',
  'a,b\r\nc,d',
);
const FIELD = part('Content-Disposition: form-data; name="other"', 'x');
const END = '------x--\r\n';
const FORMS = [FILE + END, FIELD + END, FILE + FIELD + END, FILE + FILE + END, FILE, END, ''];
const PIECES = [
  ...[
    '------x',
    '--',
    '\r\n',
    '\r\n\r\n',
    '\n',
    ';',
    '"',
    '=',
    ':',
    ' ',
    '\t',
    "filename*=UTF-8''%ff",
    'name="file"',
    'name="__proto__"',
  ],
  ...[
    'Content-Disposition: ',
    'Content-Transfer-Encoding: base64',
    'Content-Type: multipart/mixed; boundary=y',
    'filename="../a\0b"',
    '\0',
  ],
];
const one = (body: string, type: string | undefined = TYPE): Input => ({
  type,
  body: Buffer.from(body, 'latin1'),
  chunk: 65_536,
});

export default defineFuzz<Input>({
  known: [
    ...FORMS.map((form) => one(form)),
    ...FORMS.map((form) => ({ ...one(form), chunk: 1 })),
    ...[
      undefined,
      '',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/form-data; boundary=""',
      'multipart/form-data;',
    ].map((type) => one(FORMS[0] ?? '', type)),
    one(FORMS[0] ?? '', `multipart/form-data; boundary=${'x'.repeat(10_000)}`),
    one(FORMS[0] ?? '', `multipart/form-data; ${'a=b; '.repeat(5_000)}`),
    // A header whose name begins with a blank (https://github.com/mscdex/dicer/pull/22), a quote without its end.
    one(`------x\r\n Content-Disposition: form-data; name="file"\r\n\r\n\r\n${END}`),
    one(`------x\r\nContent-Disposition: form-data; name="file; filename="a\r\n\r\nx\r\n${END}`),
    one(`------x\r\n${'a: b\r\n'.repeat(10_000)}\r\nx\r\n${END}`),
    one(`------x\r\nContent-Disposition: form-data${'; a="b"'.repeat(10_000)}\r\n\r\nx\r\n${END}`),
    one('------x\r\n'.repeat(20_000)),
    one(`------x\r\n${'a'.repeat(500_000)}`),
    one('\r\n------'.repeat(50_000)),
  ],
  inputs: fc.record({
    type: fc.oneof(
      { weight: 5, arbitrary: fc.constant(TYPE) },
      { weight: 1, arbitrary: mutatedText([TYPE], ['boundary=', '"', ';', "''"]) },
    ),
    body: mutated(FORMS, PIECES),
    chunk: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(65_536)),
  }),
  runs: { test: 3_000, fuzz: 30_000 },
  async holds({ type, body, chunk }) {
    async function* pieces() {
      for (let at = 0; at < body.length; at += chunk) yield Buffer.from(body.subarray(at, at + chunk));
    }
    const headers = type === undefined ? {} : { 'content-type': type };
    try {
      const { name, size } = await readForm(headers, pieces(), async ({ fileName, bytes }) => {
        let taken = 0;
        for await (const piece of bytes) taken += piece.length;
        return { name: fileName, size: taken };
      });
      promised(name.length > 0 && name.length <= 255 && !/[/\\]/.test(name), `a name, not ${name}`);
      promised(size <= body.length, 'no more than came');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      promised(
        error.status >= 400 && error.status < 500 && error.message.length < 2_000,
        `a refusal, not ${error.status}`,
      );
    }
  },
});
