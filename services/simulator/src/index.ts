export type { OrderReport } from './control/order-report.ts';
export { FILE_USER, type FileTargets } from './file-targets/targets.ts';
export type { Counts } from './server/counts.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
