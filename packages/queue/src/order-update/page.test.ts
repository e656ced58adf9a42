/** `docs/order-updates.md` is what developers of other systems copy from. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { UPDATE_STATUSES } from '@lazada-sof/orders';
import { jobOptions } from '../producer.ts';
import { readJob } from '../worker/read-job.ts';

const page = readFileSync(new URL('../../../../docs/order-updates.md', import.meta.url), 'utf8');
const inJson = [...page.matchAll(/^```json\n(.+?)^```$/gms)].map(([, text = '']) => JSON.parse(text));

test('its example is read by the worker', () => {
  expect(readJob('order-update', 'update-order', inJson[0])).toEqual({ name: 'update-order', data: inJson[0] });
});

test('its options of a job are those of our own', () => {
  expect(inJson[1]).toEqual(jobOptions(undefined));
});

test('its Python says the same', () => {
  const [, code = ''] = /^```python\n(.+?)^```$/ms.exec(page) ?? [];
  const [options, update] = [/OPTIONS = (\{.+?^\})/ms, /send\((\{.+?^\})\)/ms].map((found) =>
    // Its literals are JSON but for the commas at the ends.
    JSON.parse((found.exec(code)?.[1] ?? '').replace(/,\s*(?=\})/g, '')),
  );
  expect([update, options]).toEqual(inJson);
});

test('it tells of every status', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| .+ \| .+ \|$/gm)].map(([, status]) => status);
  expect(rows).toEqual(['status', ...UPDATE_STATUSES]);
});
