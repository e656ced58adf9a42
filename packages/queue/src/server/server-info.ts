/**
 * What a Redis, or what speaks like one, tells of itself in `INFO`. Managed servers forbid `CONFIG`, and leave out what they do
 * not want to tell: whatever is not there is null.
 */
export type ServerInfo = {
  /** `Redis`, `Valkey`, `Dragonfly` … */
  readonly server: string;
  readonly version: string | null;
  readonly isCluster: boolean;
  /** It takes no writes. */
  readonly isReplica: boolean;
  readonly isLoading: boolean;
  readonly evictionPolicy: string | null;
  /** Without a limit of its own the limit is null. */
  readonly memory: { readonly used: number | null; readonly limit: number | null };
  readonly persistence: Persistence;
};

export type Persistence = {
  readonly appendOnly: boolean | null;
  /** It has made a snapshot since it started. */
  readonly hasSnapshot: boolean | null;
  /** The last write to disk failed: it may refuse writes from then on. */
  readonly isFailing: boolean;
};

export function readInfo(text: string): ServerInfo {
  const fields = new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 && !line.startsWith('#') ? [[line.slice(0, colon), line.slice(colon + 1).trim()] as const] : [];
    }),
  );
  const said = (name: string) => fields.get(name) || null;
  return {
    ...nameOf(said),
    isCluster: said('cluster_enabled') === '1' || said('redis_mode') === 'cluster',
    isReplica: said('role') === 'slave' || said('role') === 'replica',
    isLoading: said('loading') === '1',
    evictionPolicy: said('maxmemory_policy'),
    memory: { used: numberOf(said('used_memory')), limit: numberOf(said('maxmemory')) || null },
    persistence: persistenceOf(said),
  };
}

type Said = (name: string) => string | null;

/** What is like Redis says the version of Redis that it is like, for ever the same, and its own beside it. */
const LIKE_REDIS = {
  valkey: 'Valkey',
  dragonfly: 'Dragonfly',
  upstash: 'Upstash',
  kvrocks: 'Kvrocks',
  garnet: 'Garnet',
} as const;

function nameOf(said: Said): Pick<ServerInfo, 'server' | 'version'> {
  for (const [word, server] of Object.entries(LIKE_REDIS)) {
    const version = said(`${word}_version`);
    if (version || said('server_name') === word)
      return { server, version: version?.replace(/^([a-z]+-)?v?/i, '') ?? null };
  }
  return { server: 'Redis', version: said('redis_version') };
}

function persistenceOf(said: Said): Persistence {
  const aof = said('aof_enabled');
  const saves = numberOf(said('rdb_saves'));
  // Before 7 the only sign of a snapshot is how long it took; -1: there was none.
  const took = numberOf(said('rdb_last_bgsave_time_sec'));
  const failed = ['aof_last_write_status', 'rdb_last_bgsave_status'].some((name) => said(name) === 'err');
  return {
    appendOnly: aof === null ? null : aof === '1',
    hasSnapshot: saves === null && took === null ? null : (saves ?? 0) > 0 || (took ?? -1) >= 0,
    isFailing: failed,
  };
}

function numberOf(text: string | null): number | null {
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
