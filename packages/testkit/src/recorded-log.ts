import { PassThrough } from 'node:stream';
import { createLogger, type Logger } from '@lazada-sof/runtime';

export type LoggedLine = { level: string; message: string } & Readonly<Record<string, unknown>>;

/** A log whose lines can be looked at. */
export function recordedLog(): { log: Logger; lines: readonly LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n')) if (line) lines.push(JSON.parse(line));
  });
  return { log: createLogger({ service: 'test', level: 'info', format: 'json', stream }), lines };
}
