import { expect, test } from '@jest/globals';
import { readForm } from './read-form.ts';

const partWith = (head: string) => `--x\r\nContent-Disposition: form-data${head}\r\n\r\na,b\r\n--x--\r\n`;

async function* whole(form: string) {
  yield Buffer.from(form);
}

/** Whatever is thrown where nobody listens would end the process. */
test.each<[part: string, head: string, field: string]>([
  ['of another name', '; name="other"; filename="a.csv"', 'other'],
  ['that is a field', '; name="other"', 'other'],
  ['without a name', '', 'form'],
  ['without a name that is a file', '; filename="a.csv"', 'form'],
  ['whose name is empty', '; name=""; filename="a.csv"', 'form'],
])('a form with a part %s is refused', async (_, head, field) => {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const read = readForm(headers, whole(partWith(head)), async () => 'taken');
  await expect(read).rejects.toMatchObject({ status: 422, errors: [{ field }] });
});

test('a form that ends within a part to which nobody listens is refused', async () => {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const read = readForm(headers, whole('--x--\r\n'), async () => 'taken');
  await expect(read).rejects.toMatchObject({ status: expect.any(Number) });
  const other = readForm(headers, whole(partWith('; name="other"; filename="a"').slice(0, -8)), async () => 'taken');
  await expect(other).rejects.toMatchObject({ status: 422 });
});
