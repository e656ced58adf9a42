import type { Found } from './batch.ts';

/** What was found, and how to see it again. */
export function inWords(name: string, seed: number, found: Found): string {
  const again = 'input' in found ? `\nagain: npm run fuzz -- ${name} --input ${found.input}` : '';
  return `${name}, seed ${seed}: ${what(found)}${again}`;
}

function what(found: Found): string {
  const after = `after ${found.tried} inputs`;
  switch (found.is) {
    case 'fine':
      return `${found.tried} inputs, ${kilobytes(found.grown)} more held at their end`;
    case 'grows':
      return `${after} ${kilobytes(found.grown)} more are held than after a fifth of them`;
    case 'broken':
      return `broken ${after} by ${found.shown}\n${found.words}`;
    case 'hangs':
      return `hangs at input ${found.tried}`;
    case 'died':
      return `its process died at input ${found.tried}\n${found.words}`;
  }
}

const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KB`;
