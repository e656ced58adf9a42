/** What every backend of the queue must do; each suite is one call per backend. */
export { limiterConformance } from './limiter.ts';
export { dedupConformance } from './queue-dedup.ts';
export { outageConformance } from './queue-outage.ts';
export { outcomeConformance } from './queue-outcomes.ts';
export { recoveryConformance } from './queue-recovery.ts';
export { strangersConformance } from './queue-strangers.ts';
