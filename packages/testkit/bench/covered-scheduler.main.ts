import { runCovered } from './covered.ts';

await runCovered('services/scheduler/src/main.ts');
