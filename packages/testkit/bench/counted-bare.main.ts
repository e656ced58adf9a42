import { runCounted } from './counted.ts';

await runCounted('packages/testkit/bench/floors/got.main.ts');
