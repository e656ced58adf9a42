import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findRedis } from './find-redis.ts';

const PATH = process.env.PATH;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lazada-sof-redis-'));
  process.env.PATH = join(dir, 'bin');
  mkdirSync(join(dir, 'bin'));
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(dir, { recursive: true });
});

const program = (path: string, script = 'exit 0') => {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
};

describe('a Redis server', () => {
  test.each(['redis-server', 'valkey-server'])('%s on the PATH is taken', async (name) => {
    program(join(dir, 'bin', name));
    expect(await findRedis(undefined)).toMatchObject({ command: join(dir, 'bin', name) });
  });

  test('is missing where there is none and none may be fetched', async () => {
    expect(await findRedis(undefined)).toEqual({ missing: 'no redis-server or valkey-server on the PATH' });
  });

  test('is missing where this is no Debian', async () => {
    expect(await findRedis(join(dir, 'cache'))).toMatchObject({ missing: expect.stringContaining('no Debian') });
  });

  test('that was unpacked earlier is taken from the cache', async () => {
    mkdirSync(join(dir, 'cache/usr/bin'), { recursive: true });
    program(join(dir, 'cache/usr/bin/redis-server'));
    expect(await findRedis(join(dir, 'cache'))).toMatchObject({ command: join(dir, 'cache/usr/bin/redis-server') });
  });

  test('is missing, with the reason, where Debian cannot be reached', async () => {
    program(join(dir, 'bin/dpkg'));
    program(join(dir, 'bin/apt-get'), 'echo "E: Unable to locate package redis-server" >&2; exit 100');
    expect(await findRedis(join(dir, 'cache'))).toMatchObject({
      missing: expect.stringContaining('E: Unable to locate package'),
    });
  });
});
