/** Foreign code in the renderer's place, started as the renderer is: what it gets hold of. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnLinux, openTestDatabase, type TestDatabase } from '@lazada-sof/testkit';
import type { Asked } from './intruder.fixture.ts';

const SECRET = 'k1:this-is-no-key';
const STARTER = new URL('./intruder-starter.fixture.ts', import.meta.url).pathname;
const isRoot = process.getuid?.() === 0;

type Got = { environment: unknown; memory: unknown; files: unknown[]; database: unknown; networks: string[] };

describeOnLinux('foreign code in the renderer', () => {
  let database: TestDatabase;
  let folder: string;
  let got: Got;
  let lacks: string;

  beforeAll(async () => {
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'lazada-sof-secrets-'));
    const secretFile = join(folder, 'encryption-keys');
    await writeFile(secretFile, SECRET, { mode: 0o600 });
    const { port } = new URL(database.url);
    const service = spawn(process.execPath, [STARTER], {
      env: { ENCRYPTION_KEYS: SECRET },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: service.stdout }), 'line')) as [string];
    const { socketPath, warnings } = JSON.parse(line) as { socketPath: string; warnings: string[] };
    lacks = warnings.join('\n');
    const asked: ClientRequest = request({ socketPath, method: 'POST' });
    asked.end(JSON.stringify({ files: [secretFile], port: Number(port), environment: SECRET } satisfies Asked));
    const [answer] = await once(asked, 'response');
    got = (await json(answer)) as Got;
    service.stdin.end();
    await once(service, 'exit');
  }, 30_000);
  afterAll(async () => {
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('reads no environment and no memory of the service, where we are root', () => {
    expect([got.environment, got.memory]).toEqual(isRoot ? ['EACCES', 'EACCES'] : [true, true]);
  });

  test('reads no secret file, where we are root', () => {
    expect(got.files).toEqual(isRoot ? ['EACCES'] : [SECRET]);
  });

  test('reaches no database: it has no network but an empty one, or the start says so', () => {
    const isTold = lacks.includes('the network of this service');
    expect(got.database).toBe(isTold ? 'connected' : 'ENETUNREACH');
    if (!isTold) expect(got.networks).toEqual([]);
  });

  test('has another user than the service, or the start says so', () => {
    expect(lacks.includes('the same user')).toBe(!isRoot);
  });
});
