import type { World } from '../world/world.ts';
import type { Counter } from './counts.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';

/** All that one simulator keeps. */
export type SimulatorState = {
  readonly world: World;
  readonly counter: Counter;
  readonly requestLog: RequestLog;
  readonly faults: Faults;
};
