/** Which input a process is at, in a file: whoever ends it, or finds it dead, can still tell. */
import { closeSync, openSync, readFileSync, writevSync } from 'node:fs';

export type Standing = { readonly tried: number; readonly input: Buffer };

const HEAD = 16;

export function openStanding(path: string) {
  const file = openSync(path, 'w');
  const head = Buffer.alloc(HEAD);
  return {
    tell(tried: number, input: Buffer): void {
      head.writeDoubleLE(tried, 0);
      head.writeDoubleLE(input.length, 8);
      writevSync(file, [head, input], 0);
    },
    close: () => closeSync(file),
  };
}

/** Null: it has not begun. */
export function readStanding(path: string): Standing | null {
  const bytes = readFileSync(path);
  if (bytes.length < HEAD) return null;
  return { tried: bytes.readDoubleLE(0), input: bytes.subarray(HEAD, HEAD + bytes.readDoubleLE(8)) };
}
