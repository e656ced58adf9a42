/**
 * A form with one file, read as it comes and never held. The file ends only where the whole form has ended well: what was
 * broken off, or has more in it than it may, fails while its bytes are still being taken, so that nothing stays of it.
 */
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { isStorable } from '@lazada-sof/queue';
import { invalid, Problem } from '../problem.ts';

export type UploadedFile = { readonly fileName: string; readonly bytes: AsyncIterable<Uint8Array> };
export type TakeFile<T> = (file: UploadedFile) => Promise<T>;

const FIELD = 'file';
const HOW = 'send a multipart form whose only part is the file, named “file”: curl -F file=@orders.csv';
const LIMITS = { files: 1, fields: 1, parts: 2, fieldNameSize: 100, fieldSize: 1_024, headerPairs: 20 } as const;
const LONGEST_NAME = 255;

/** @throws Problem, what `body` throws and what `take` throws */
export async function readForm<T>(
  headers: IncomingHttpHeaders,
  body: AsyncIterable<Uint8Array>,
  take: TakeFile<T>,
): Promise<T> {
  const form = openForm(headers);
  const ended = new Ended();
  let taken: Promise<T> | undefined;
  form.on('file', (name, stream, fileName) => {
    // Its error is the form's, which the form tells as well; of a stream to which nobody listens it would end the process.
    stream.on('error', (error: Error) => ended.fail(brokenOff(error)));
    if (name !== FIELD) {
      ended.fail(unknownField(name));
      stream.resume();
      return;
    }
    if (fileName !== undefined && !isStorable(fileName)) {
      ended.fail(oddFileName());
      stream.resume();
      return;
    }
    const bytes = untilFormEnds(stream as AsyncIterable<Uint8Array>, ended);
    taken = take({ fileName: nameOf(fileName), bytes });
    taken.catch((error: unknown) => {
      ended.fail(error);
      stream.resume();
    });
  });
  form.on('field', (name) => ended.fail(name === FIELD ? noFileName() : unknownField(name)));
  for (const limit of ['filesLimit', 'partsLimit', 'fieldsLimit'] as const) form.on(limit, () => ended.fail(oneOnly()));
  form.on('error', (error) => ended.fail(brokenOff(error)));
  form.on('finish', () => ended.well());
  await pump(body, form, ended);
  try {
    await ended.promise;
  } catch (error) {
    // What was begun for it is undone before anybody hears of it.
    await taken?.catch(() => undefined);
    throw error;
  }
  if (!taken) throw invalid({ field: FIELD, detail: `is missing; ${HOW}` });
  return taken;
}

function openForm(headers: IncomingHttpHeaders): BusboyInstance {
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) throw invalid({ field: FIELD, detail: `is missing; ${HOW}` });
  try {
    return new Busboy({ headers: { 'content-type': type }, limits: LIMITS, preservePath: true });
  } catch {
    throw invalid({ field: FIELD, detail: `the form cannot be read, its boundary is missing; ${HOW}` });
  }
}

/** The first that is said of how it ends holds. */
class Ended {
  readonly promise: Promise<void>;
  isOver = false;
  #resolve: () => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;
  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(() => undefined);
  }
  well(): void {
    this.isOver = true;
    this.#resolve();
  }
  fail(reason: unknown): void {
    this.isOver = true;
    this.#reject(reason);
  }
}

async function* untilFormEnds(bytes: AsyncIterable<Uint8Array>, ended: Ended): AsyncGenerator<Uint8Array> {
  const pieces = bytes[Symbol.asyncIterator]();
  const failed = ended.promise.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);
  for (;;) {
    const next = await Promise.race([pieces.next(), failed]);
    if (next.done) break;
    yield next.value;
  }
  await ended.promise;
}

async function pump(body: AsyncIterable<Uint8Array>, form: BusboyInstance, ended: Ended): Promise<void> {
  try {
    for await (const piece of body) {
      if (ended.isOver) break;
      if (!form.write(piece)) await Promise.race([once(form, 'drain'), ended.promise]);
    }
    form.end();
  } catch (error) {
    ended.fail(error);
  }
}

/** What browsers call a path is the name behind it. */
const nameOf = (fileName: string | undefined): string =>
  (fileName ?? '').split(/[/\\]/).at(-1)?.slice(0, LONGEST_NAME).trim().toWellFormed() || 'import';

/** A part may be without a name, whatever the library's types say. */
const unknownField = (name: string | undefined) =>
  invalid({ field: name?.slice(0, 100) || 'form', detail: `no such field here; ${HOW}` });
const noFileName = () => invalid({ field: FIELD, detail: `has no file name and is no file; ${HOW}` });
const oddFileName = () =>
  invalid({ field: FIELD, detail: 'its name has a character that cannot be stored (NUL); give it another' });
const oneOnly = () => invalid({ field: FIELD, detail: `one file at a time; ${HOW}` });
const brokenOff = (_error: unknown) => new Problem(400, `The form ends in the middle or cannot be read; ${HOW}.`);
