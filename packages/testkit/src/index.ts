export { type LeftOut, leaveOut } from './servers/left-out.ts';
export { describeOnEachQueue, describeOnRedis } from './servers/suites.ts';
export { openEmptyDatabase, openTestDatabase, type TestDatabase } from './servers/test-database.ts';
export { openTestQueue, type QueueKind, type TestQueue } from './servers/test-queue.ts';
export { startTestSystem, type TestSystem } from './servers/test-system.ts';
