export type { OrderReport } from './control-views.ts';
export type { Counts } from './counts.ts';
export { FILE_USER, type FileTargets, type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
