import { fileURLToPath } from 'node:url';

/** The renderer's program, which `invoice-fetch` starts as its child. */
export const RENDERER_PROGRAM: string = fileURLToPath(
  new URL('../../../../services/renderer/src/main.ts', import.meta.url),
);
