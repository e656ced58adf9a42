export type { OrderReport } from './control/order-report.ts';
export type { Counts } from './server/counts.ts';
export { FILE_USER, type FileTargets, type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
