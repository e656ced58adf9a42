/** From where it was looked: what can be reached, written and drawn from here says nothing of elsewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export type Where = {
  readonly host: string;
  readonly container: boolean;
  /** Of the system; null where it has none. */
  readonly userId: number | null;
  /** Of lazada-sof. */
  readonly version: string;
  readonly node: string;
};

/** What container engines leave inside. */
const MARKS = ['/.dockerenv', '/run/.containerenv', '/var/run/secrets/kubernetes.io'];

export const whereWeAre = (): Where => ({
  host: hostname(),
  container: MARKS.some((mark) => existsSync(mark)),
  userId: process.getuid?.() ?? null,
  version: JSON.parse(readFileSync(new URL('../../../../../package.json', import.meta.url), 'utf8')).version,
  node: process.versions.node,
});

export const inWords = ({ host, container, userId, version, node }: Where): string =>
  `looked from ${host}${container ? ' (a container)' : ''}${userId === null ? '' : `, as user ${userId}`}; lazada-sof ${version}, Node ${node}`;
