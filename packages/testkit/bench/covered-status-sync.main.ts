import { runCovered } from './covered.ts';

await runCovered('services/status-sync/src/main.ts');
