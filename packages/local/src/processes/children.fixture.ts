/** A process of its own for the test that kills it: starts a database and a service, and says their process ids. */
import { join } from 'node:path';
import { openChildren } from './children.ts';

const [dir = ''] = process.argv.slice(2);
const children = openChildren();
const start = async (name: string, stage: 'service' | 'database') => {
  const up = Promise.withResolvers<void>();
  const child = await children.start({
    name,
    stage,
    command: '/bin/sh',
    args: ['-c', `trap 'echo ${name} >> ${dir}/order; exit 0' TERM INT; echo up; while :; do sleep 0.05; done`],
    env: { PATH: '/usr/bin:/bin' },
    logFile: join(dir, `${name}.log`),
    onLine: () => up.resolve(),
  });
  await up.promise;
  return child.pid;
};
children.deleteAtEnd(join(dir, 'not to stay'));
console.log(JSON.stringify([await start('database', 'database'), await start('service', 'service')]));
setInterval(() => undefined, 1_000);
