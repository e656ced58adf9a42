/** One look that ends in the middle without a word: `node watch-and-die.fixture.ts DATABASE_URL FOLDER_URL POINT`. */

import { PassThrough } from 'node:stream';
import { createLogger } from '@lazada-sof/runtime';
import type { WatchTools } from './watch-folder.ts';
import { openWatcher } from './watcher.fixture.ts';

const [databaseUrl = '', folderUrl = '', point = ''] = process.argv.slice(2);

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('dead');
};
const dyingAfter =
  <Args extends readonly unknown[], T>(here: string, work: (...args: Args) => Promise<T>) =>
  async (...args: Args): Promise<T> => {
    const result = await work(...args);
    return here === point ? die() : result;
  };

async function* dyingIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    yield piece;
    if (point === 'reading') die();
  }
}

const around = (tools: WatchTools): WatchTools => ({
  ...tools,
  imports: {
    ...tools.imports,
    store: dyingAfter('stored', (file) => tools.imports.store({ ...file, bytes: dyingIn(file.bytes) })),
  },
  add: dyingAfter('handed on', tools.add),
  folder: {
    ...tools.folder,
    putResult: dyingAfter('result', tools.folder.putResult),
    move: dyingAfter('moved', tools.folder.move),
  },
});

const log = createLogger({ service: 'test', level: 'info', format: 'json', stream: new PassThrough().resume() });
await openWatcher({ databaseUrl, folderUrl, log, around }).look();
console.error(`the look came to its end and never to “${point}”`);
process.exit();
