export * from './failure.ts';
export * from './ladder.ts';
export * from './order.ts';
export * from './owed.ts';
export * from './ports.ts';
