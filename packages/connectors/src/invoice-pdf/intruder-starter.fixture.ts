/** In the place of a service that holds secrets: starts foreign code as it would start the renderer, and says where it is. */
import { rendererProcess } from './renderer-process.ts';

const program = new URL('./intruder.fixture.ts', import.meta.url).pathname;
const warnings: string[] = [];
const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
const running = rendererProcess({ program, log });
const { socketPath } = await running.address();
process.stdin.resume().once('end', () => running.close());
console.log(JSON.stringify({ socketPath, warnings }));
