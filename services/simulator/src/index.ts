export type { OrderReport } from './control-views.ts';
export type { Counts } from './counts.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
