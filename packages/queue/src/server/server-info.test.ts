/** As servers of the field answer `INFO`, shortened to what is read. */
import { expect, test } from '@jest/globals';
import { readInfo, type ServerInfo } from './server-info.ts';

const NOTHING: ServerInfo = {
  server: 'Redis',
  version: null,
  isCluster: false,
  isReplica: false,
  isLoading: false,
  evictionPolicy: null,
  memory: { used: null, limit: null },
  persistence: { appendOnly: null, hasSnapshot: null, isFailing: false },
};

test.each<[says: string, info: string, told: Partial<ServerInfo>]>([
  ['nothing at all', '', {}],
  [
    'a Redis as it is started here',
    '# Server\r\nredis_version:8.8.3\r\nredis_mode:standalone\r\n# Memory\r\nused_memory:1048576\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n# Persistence\r\nloading:0\r\nrdb_saves:0\r\nrdb_last_bgsave_status:ok\r\nrdb_last_bgsave_time_sec:-1\r\naof_enabled:1\r\naof_last_write_status:ok\r\n# Replication\r\nrole:master\r\n# Cluster\r\ncluster_enabled:0\r\n',
    {
      version: '8.8.3',
      evictionPolicy: 'noeviction',
      memory: { used: 1_048_576, limit: null },
      persistence: { appendOnly: true, hasSnapshot: false, isFailing: false },
    },
  ],
  [
    'Valkey, which says for ever the same version of Redis',
    'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0\r\nmaxmemory_policy:volatile-lru\r\n',
    { server: 'Valkey', version: '8.1.0', evictionPolicy: 'volatile-lru' },
  ],
  [
    'Dragonfly, likewise',
    'redis_version:6.2.11\r\ndragonfly_version:df-v1.25.1\r\n',
    { server: 'Dragonfly', version: '1.25.1' },
  ],
  [
    'a managed cluster without a policy to be seen',
    'redis_version:6.0.9\r\nredis_mode:cluster\r\nmaxmemory_policy:\r\n',
    { version: '6.0.9', isCluster: true },
  ],
  ['a replica', 'role:slave\r\n', { isReplica: true }],
  ['one that is reading its file', 'loading:1\r\n', { isLoading: true }],
  ['one with a limit', 'used_memory:900\r\nmaxmemory:1000\r\n', { memory: { used: 900, limit: 1_000 } }],
  [
    'snapshots of before 7, which counts none',
    'aof_enabled:0\r\nrdb_last_bgsave_time_sec:0\r\n',
    { persistence: { appendOnly: false, hasSnapshot: true, isFailing: false } },
  ],
  [
    'a disk that takes nothing any more',
    'aof_enabled:0\r\nrdb_saves:3\r\nrdb_last_bgsave_status:err\r\n',
    { persistence: { appendOnly: false, hasSnapshot: true, isFailing: true } },
  ],
  ['words that are no numbers', 'used_memory:1.2G\r\nmaxmemory:?\r\n', {}],
])('%s', (_, info, told) => {
  expect(readInfo(info)).toEqual({ ...NOTHING, ...told });
});
