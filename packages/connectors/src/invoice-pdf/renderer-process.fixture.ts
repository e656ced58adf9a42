/** A process of its own for the test that kills it: starts a renderer and says its process id. */
import { fileURLToPath } from 'node:url';
import { rendererProcess } from './renderer-process.ts';

const program = fileURLToPath(new URL('../../../../services/renderer/src/main.ts', import.meta.url));
const say = (message: string) => console.log(message);
await rendererProcess({ program, log: { info: say, warn: () => undefined } }).address();
setInterval(() => undefined, 1_000);
