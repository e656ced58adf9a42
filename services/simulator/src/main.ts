/** Runs the simulator as a service. Takes a folder as its one argument: what it knows is there again at the next start. */
import { runService } from '@lazada-sof/runtime';
import { startSimulator } from './simulator.ts';

await runService({
  name: 'simulator',
  slices: ['simulator', 'sofp'],
  start: async ({ config: { simulator: given, sofp }, log }) => {
    const simulator = await startSimulator({ ...given, sofPaths: sofp });
    log.info('ready', { url: simulator.url });
    return { ready: async () => ({}), stop: () => simulator.close() };
  },
});
