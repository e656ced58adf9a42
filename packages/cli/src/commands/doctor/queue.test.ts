import { describe, expect, test } from '@jest/globals';
import type { QueueStanding, ServerInfo } from '@lazada-sof/queue';
import type { Finding } from './finding.ts';
import { queueFindings } from './queue.ts';

const WELL: ServerInfo = {
  server: 'Redis',
  version: '8.8.3',
  isCluster: false,
  isReplica: false,
  isLoading: false,
  evictionPolicy: 'noeviction',
  memory: { used: 1_000, limit: null },
  persistence: { appendOnly: true, hasSnapshot: false, isFailing: false },
};
const standing = (info: Partial<ServerInfo> = {}): QueueStanding => ({
  kind: 'redis',
  address: 'redis://q:6379',
  isEncrypted: false,
  servers: [{ node: 'redis://q:6379', info: { ...WELL, ...info } }],
});
const notWell = (findings: readonly Finding[]) => findings.filter(({ ok, warn }) => !ok || warn);

test('all is well', () => {
  expect(queueFindings(standing())).toEqual([
    { check: 'queue', ok: true, detail: 'Redis 8.8.3 at redis://q:6379, without TLS' },
    { check: 'queue eviction', ok: true, detail: 'noeviction' },
    { check: 'queue persistence', ok: true, detail: 'append-only file' },
  ]);
});

test('TLS is told', () => {
  expect(queueFindings({ ...standing(), isEncrypted: true })[0]?.detail).toContain('over TLS');
});

describe('red, with what to do', () => {
  test.each<[says: string, info: Partial<ServerInfo>, check: string, detail: string, fix: string]>([
    ['evicts', { evictionPolicy: 'volatile-lru' }, 'queue eviction', 'volatile-lru', 'noeviction'],
    [
      'cannot write to its disk',
      { persistence: { appendOnly: true, hasSnapshot: true, isFailing: true } },
      'queue persistence',
      'MISCONF',
      'disk',
    ],
    ['is full', { memory: { used: 1_000, limit: 1_000 } }, 'queue memory', '100 % of its memory', 'maxmemory'],
    ['is a replica', { isReplica: true }, 'queue', 'replica', 'primary'],
    ['is reading its file', { isLoading: true }, 'queue', 'reading its file', 'again'],
    ['is one of a cluster', { isCluster: true }, 'queue', 'cluster', 'redis+cluster://'],
    ['is older than what is needed', { version: '4.0.14' }, 'queue', 'older than 5', 'upgrade'],
  ])('a server that %s', (_, info, check, detail, fix) => {
    expect(notWell(queueFindings(standing(info)))).toEqual([
      { check, ok: false, detail: expect.stringContaining(detail), fix: expect.stringContaining(fix) },
    ]);
  });

  test('a cluster without a server', () => {
    const cluster = { kind: 'cluster', address: 'redis+cluster://q:6379', isEncrypted: false, servers: [] } as const;
    expect(queueFindings(cluster)).toMatchObject([{ check: 'queue', ok: false }]);
  });
});

describe('told, and not red', () => {
  const keeps = (appendOnly: boolean | null, hasSnapshot: boolean | null) => ({
    persistence: { appendOnly, hasSnapshot, isFailing: false },
  });
  test.each<[says: string, info: Partial<ServerInfo>, detail: string]>([
    ['hides its policy', { evictionPolicy: null }, 'does not tell its maxmemory-policy'],
    ['has snapshots alone', keeps(false, true), 'snapshots alone'],
    ['keeps nothing', keeps(false, false), 'no append-only file, and no snapshot'],
    ['hides what it keeps', keeps(null, null), 'does not tell what it keeps'],
    ['is nearly full', { memory: { used: 930, limit: 1_000 } }, '93 % of its memory'],
  ])('a server that %s', (_, info, detail) => {
    expect(notWell(queueFindings(standing(info)))).toMatchObject([
      { ok: true, warn: true, detail: expect.stringContaining(detail) },
    ]);
  });

  test('PostgreSQL, to try out', () => {
    expect(
      queueFindings({ kind: 'postgres', address: 'postgres://q', isEncrypted: true, version: '18.1' }),
    ).toMatchObject([{ ok: true, warn: true, detail: expect.stringContaining('not for production') }]);
  });
});

test('what is like Redis is not held to versions of Redis', () => {
  expect(notWell(queueFindings(standing({ server: 'Dragonfly', version: '1.25.1' })))).toEqual([]);
});

test('of a cluster each server is named', () => {
  const findings = queueFindings({
    kind: 'cluster',
    address: 'redis+cluster://q:6379',
    isEncrypted: false,
    servers: [
      { node: '10.0.0.1:6379', info: { ...WELL, isCluster: true } },
      { node: '10.0.0.2:6379', info: { ...WELL, isCluster: true, evictionPolicy: 'allkeys-lru' } },
    ],
  });
  expect(notWell(findings)).toMatchObject([
    { check: 'queue eviction', ok: false, detail: expect.stringMatching(/^10\.0\.0\.2:6379: .*allkeys-lru/) },
  ]);
});
