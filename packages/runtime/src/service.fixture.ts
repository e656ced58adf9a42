/** A service as small as can be, for the test of the life of a process. What it does wrong comes from its arguments. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runService } from './service.ts';

const faults = new Set(process.argv.slice(2));

await runService({
  name: 'fixture',
  slices: faults.has('servers') ? ['database', 'queue'] : faults.has('target') ? ['target'] : ['scheduler'],
  ...(faults.has('hangs') && { stopWithinMs: 200 }),
  ...(faults.has('stuck-for-long') && { lookForProgressEveryMs: 50 }),
  async start({ log, signal }) {
    if (faults.has('no-start')) throw new Error('no way to postgresql://u:canary@h');
    if (faults.has('stray')) void Promise.reject(new Error('nobody awaits this'));
    signal.addEventListener('abort', () => log.info('told to close'));
    return {
      ready: async () => {
        if (faults.has('ready-throws')) throw new Error('database is gone');
        if (faults.has('ready-hangs')) await Promise.withResolvers().promise;
        return { database: !faults.has('no-database'), ...(faults.has('migrates') && { backfill: 'about 41 %' }) };
      },
      stop: async () => {
        await sleep(faults.has('hangs') ? 60_000 : faults.has('lingers') ? 3_000 : 50);
        log.info('finished what was held');
      },
      progressing: () => !faults.has('stuck') && !faults.has('stuck-for-long'),
    };
  },
});
