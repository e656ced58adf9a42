/** The queue's server: what it is, whether it keeps what it is given, and whether it takes more. */
import type { QueueStanding, ServerInfo } from '@lazada-sof/queue';
import type { Config } from '@lazada-sof/runtime';
import { loadQueue } from '../connections.ts';
import { type Finding, good, odd, red } from './finding.ts';
import type { Room } from './rooms.ts';

/** What BullMQ needs. */
const OLDEST_MAJOR = 5;
const FULL = 0.9;

export const queueRoom = ({ url }: Config<'queue'>['queue']): Room => ({
  name: 'queue',
  limitMs: 20_000,
  fix: 'look at QUEUE_URL, whether the server runs, and whether this machine may reach it',
  async look() {
    const { inspectQueue } = await loadQueue();
    return queueFindings(await inspectQueue({ url }));
  },
});

export function queueFindings(standing: QueueStanding): Finding[] {
  const { address, isEncrypted } = standing;
  const way = isEncrypted ? 'over TLS' : 'without TLS';
  if (standing.kind === 'postgres')
    return [
      odd(
        'queue',
        `PostgreSQL ${standing.version} at ${address}, ${way}: to try out, and not for production`,
        'let QUEUE_URL be a Redis before there is much to do',
      ),
    ];
  const [first, ...others] = standing.servers;
  if (!first) return [red('queue', `the cluster at ${address} has no server that takes writes`, 'look at the cluster')];
  const several = others.length > 0 || standing.kind === 'cluster';
  return standing.servers.flatMap(({ node, info }) => [
    good('queue', `${info.server} ${info.version ?? 'of unknown version'} at ${node}, ${way}`),
    ...troubles(info, standing.kind === 'cluster').map((one) =>
      several ? { ...one, detail: `${node}: ${one.detail}` } : one,
    ),
  ]);
}

const troubles = (info: ServerInfo, isCluster: boolean): Finding[] => [
  ...versionTroubles(info),
  ...roleTroubles(info, isCluster),
  evictionFinding(info),
  persistenceFinding(info),
  ...memoryTroubles(info),
];

function versionTroubles({ server, version }: ServerInfo): Finding[] {
  if (server !== 'Redis' || version === null || Number.parseInt(version, 10) >= OLDEST_MAJOR) return [];
  return [red('queue', `Redis ${version} is older than ${OLDEST_MAJOR}`, 'upgrade it')];
}

function roleTroubles({ isReplica, isLoading, isCluster }: ServerInfo, asCluster: boolean): Finding[] {
  return [
    ...(isReplica ? [red('queue', 'it is a replica and takes no writes', 'let QUEUE_URL lead to the primary')] : []),
    ...(isLoading ? [red('queue', 'it is still reading its file', 'wait, and look again')] : []),
    ...(isCluster && !asCluster
      ? [
          red(
            'queue',
            'it is one of a cluster, and sends away whoever asks for a key of another',
            'write redis+cluster:// (rediss+cluster://) in QUEUE_URL',
          ),
        ]
      : []),
  ];
}

function evictionFinding({ evictionPolicy }: ServerInfo): Finding {
  const check = 'queue eviction';
  if (evictionPolicy === 'noeviction') return good(check, 'noeviction');
  if (evictionPolicy === null)
    return odd(check, 'it does not tell its maxmemory-policy', 'see where it is managed that it is noeviction');
  return red(
    check,
    `maxmemory-policy is ${evictionPolicy}: it would throw jobs away, and no service starts`,
    'set maxmemory-policy noeviction there (of a managed server: in its parameter group or console)',
  );
}

const WHAT_IS_LOST = 'a restart loses the order updates that other systems put there and nobody has taken yet';

function persistenceFinding({ persistence }: ServerInfo): Finding {
  const check = 'queue persistence';
  const { appendOnly, hasSnapshot, isFailing } = persistence;
  if (isFailing)
    return red(
      check,
      'its last write to disk failed, so that it may refuse jobs (MISCONF)',
      'look at its log and at the room on its disk',
    );
  if (appendOnly) return good(check, 'append-only file');
  const fix = 'set appendonly yes there; of a managed server that has none: a replica in another zone, and backups';
  if (appendOnly === null && hasSnapshot === null)
    return odd(check, `it does not tell what it keeps on disk; where that is nothing, ${WHAT_IS_LOST}`);
  return odd(
    check,
    hasSnapshot
      ? `snapshots alone: ${WHAT_IS_LOST} since the last one`
      : `no append-only file, and no snapshot since it started: ${WHAT_IS_LOST}`,
    fix,
  );
}

function memoryTroubles({ memory: { used, limit } }: ServerInfo): Finding[] {
  if (used === null || limit === null || used < FULL * limit) return [];
  const share = `${Math.floor((100 * used) / limit)} % of its memory is used`;
  const fix = 'give it more maxmemory, or see what else lies there';
  return used >= limit
    ? [red('queue memory', `${share}: it refuses jobs`, fix)]
    : [odd('queue memory', `${share}: at 100 % it refuses jobs`, fix)];
}
