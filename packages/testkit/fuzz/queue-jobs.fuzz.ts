/** Stored jobs, of every name, as anybody who can reach Redis could have written them. */
import fc from 'fast-check';
import { aboutJob, deduplicationKey, JOBS, type JobName, QUEUES, type QueueName } from '../../queue/src/contract.ts';
import { toOrderUpdate } from '../../queue/src/order-update/payload.ts';
import { requestOfJob } from '../../queue/src/order-update/request-of-job.ts';
import { readJob } from '../../queue/src/worker/read-job.ts';
import { BAD_UPDATES, GOOD_UPDATES } from '../src/builders/order-updates.ts';
import { isData } from './canned.ts';
import { deepList, deepObject, foreignJson, NAMES_OF_THE_LANGUAGE } from './foreign-json.ts';
import { defineFuzz, promised } from './fuzz.ts';

const NAMES = Object.keys(JOBS) as JobName[];
const PAYLOADS = [
  { v: 1, orderId: '42', force: true },
  { v: 1, accountId: '7', ifActive: true },
  { v: 1, documentId: '3' },
  { v: 1, packageId: '11' },
  { v: 1, importId: '12' },
  { v: 1, accountId: '7', date: '2026-03-14' },
  { v: 1, accountId: '7', from: '2026-03-01', to: '2026-03-14' },
  ...[...GOOD_UPDATES, ...BAD_UPDATES].map(({ data }) => data),
];
const SAMPLES = PAYLOADS.map((payload) => JSON.stringify(payload)).filter((text) => text !== undefined);

type Input = { readonly queue: QueueName; readonly name: string; readonly data: string; readonly id: string };
const id = '1';
const asEach = (data: string): Input[] => NAMES.map((name) => ({ queue: JOBS[name].queue, name, data, id }));

/** As many as `readJob` tells, each as long as it shows, and its queue's names. */
const LONGEST_MISTAKES = 51 * 600;

export default defineFuzz<Input>({
  known: [
    ...[deepList, deepObject, 'null', '[]', '""', `{"v":1,"account":${deepList}}`].flatMap(asEach),
    ...asEach(`{${Array.from({ length: 5_000 }, (_, n) => `"f${n}":1`).join(',')}}`),
    ...NAMES_OF_THE_LANGUAGE.map((name) => ({ queue: 'order-update' as const, name, data: '{"v":1}', id: name })),
  ],
  inputs: fc.oneof(
    fc
      .tuple(fc.constantFrom(...NAMES), foreignJson(SAMPLES), fc.string())
      .map(([name, data, jobId]) => ({ queue: JOBS[name].queue, name, data, id: jobId })),
    fc.record({
      queue: fc.constantFrom(...QUEUES),
      name: fc.oneof(fc.constantFrom(...NAMES, ...NAMES_OF_THE_LANGUAGE), fc.string({ unit: 'binary' })),
      data: foreignJson(SAMPLES),
      id: fc.string({ unit: 'binary' }),
    }),
  ),
  holds(input) {
    const data = valueIn(input.data);
    if (data === undefined) return; // BullMQ itself does not read it
    const read = readJob(input.queue, input.name, data);
    promised(
      /^job:[\w.@-]{1,100}:0$/.test(requestOfJob({ id: input.id, addedAt: new Date(0) })),
      'a name of the request',
    );
    if ('mistakes' in read) {
      promised(read.mistakes.length > 0, 'a mistake that is told');
      const told = read.mistakes.join('; ');
      promised(told.length <= LONGEST_MISTAKES, `mistakes of ${told.length} characters`);
      promised(!/\p{Cc}/u.test(told + (read.about ?? '')), 'words that steer no terminal');
      return;
    }
    promised(JOBS[read.name].queue === input.queue, 'a job of this queue');
    promised((deduplicationKey(read) ?? '').length < 200, 'a key of some length');
    promised((aboutJob(read.name, read.data) ?? '').length < 1_000, 'what it is about, in some words');
    if (read.name === 'update-order') isData(toOrderUpdate(read.data), 'the update');
  },
});

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
