/** What settings owe one another. Each relation answers one line that names both, or nothing. */
import type { Config } from './settings.ts';

type Relation = (config: Partial<Config>) => string | undefined;

/** A Redis cluster runs our scripts only where all keys of a queue hash to one slot. */
const clusterNeedsBraces: Relation = ({ queue }) =>
  queue && /^rediss?\+cluster:/.test(queue.url) && !/\{.+\}/.test(queue.prefix)
    ? `QUEUE_PREFIX is "${queue.prefix}", but QUEUE_URL is a Redis cluster: put the prefix in braces, for example {lazada-sof}`
    : undefined;

const portsDiffer: Relation = ({ http, simulator, health }) => {
  const ports: readonly (readonly [string, number | undefined])[] = [
    ['PORT', http?.port ?? simulator?.port],
    ['SIMULATOR_FTP_PORT', simulator?.ftpPort],
    ['SIMULATOR_SFTP_PORT', simulator?.sftpPort],
    ['HEALTH_PORT', health?.port],
  ];
  const taken = new Map<number, string>();
  for (const [name, port] of ports) {
    if (!port) continue;
    const other = taken.get(port);
    if (other) return `${name} is ${port}, and so is ${other}: give one of them another port`;
    taken.set(port, name);
  }
  return undefined;
};

export const RELATIONS: readonly Relation[] = [clusterNeedsBraces, portsDiffer];
