import { runCounted } from './counted.ts';

await runCounted('services/status-sync/src/main.ts');
