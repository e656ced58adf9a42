/** What the process is given that reads and draws foreign paper, and how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openRenderer, type Renderer } from '@lazada-sof/clients';
import { describeOnLinux, ONE_PAGE, RENDERER_PROGRAM, recordedLog } from '@lazada-sof/testkit';
import { toolsHere } from './cell.ts';
import { type RendererProcess, rendererProcess } from './renderer-process.ts';

let lines: string[];
let running: RendererProcess;
let client: Renderer;
beforeEach(() => {
  lines = [];
  const say = (message: string) => void lines.push(message);
  running = rendererProcess({ program: RENDERER_PROGRAM, log: { info: say, warn: say } });
  client = openRenderer({ address: running.address });
});
afterEach(async () => {
  client.close();
  await running.close();
});

const pidOf = () => Number(/process (\d+)/.exec(lines.join())?.[1]);
const isAlive = (pid: number) =>
  readFile(`/proc/${pid}/stat`, 'utf8').then(
    (stat) => !/\) Z/.test(stat),
    () => false,
  );

async function childrenOf(parent: number): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  const isChild = async (pid: string) => (await read(pid, 'status')).includes(`\nPPid:\t${parent}\n`);
  const found = await Promise.all(pids.map(async (pid) => ((await isChild(pid)) ? read(pid, 'cmdline') : '')));
  return found.filter((command) => command !== '');
}

async function gone(pid: number): Promise<void> {
  while (await isAlive(pid)) await new Promise(setImmediate);
}

describeOnLinux('the renderer', () => {
  test('is started once for all who ask, and answers them', async () => {
    const page = { markup: '<p>Invoice 1</p>', pictures: {} };
    const [checked, drawn] = await Promise.all([client.check(ONE_PAGE), client.draw(page)]);
    expect([checked, drawn]).toEqual([
      { ok: true, pages: 1 },
      { is: 'pdf', pdf: expect.any(Buffer) },
    ]);
    expect(lines.filter((line) => line.includes('process')).length).toBe(1);
  });

  test('has nothing of our environment, and where we are root it is somebody else', async () => {
    await client.check(ONE_PAGE);
    expect(await readFile(`/proc/${pidOf()}/environ`, 'utf8')).toBe('HOME=/nonexistent\0');
    const [, uid] = /^Uid:\t(\d+)/m.exec(await readFile(`/proc/${pidOf()}/status`, 'utf8')) ?? [];
    expect(uid).toBe(process.getuid?.() === 0 ? '65533' : String(process.getuid?.()));
    expect(lines.some((line) => line.includes('the same user'))).toBe(process.getuid?.() !== 0);
  });

  test('shows its token to nobody', async () => {
    const { token } = await running.address();
    expect(await readFile(`/proc/${pidOf()}/cmdline`, 'utf8')).not.toContain(token);
    expect(lines.join()).not.toContain(token);
  });

  test('answers nobody who does not have its token', async () => {
    const there = await running.address();
    const other = openRenderer({ address: async () => ({ ...there, token: 'another' }) });
    await expect(other.check(ONE_PAGE)).rejects.toMatchObject({ name: 'RendererTroubleError', httpStatus: 401 });
    other.close();
  });

  test('that was ended is started again', async () => {
    const { token } = await running.address();
    process.kill(pidOf(), 'SIGKILL');
    while ((await running.address()).token === token) await new Promise(setImmediate);
    expect(await client.check(ONE_PAGE)).toMatchObject({ ok: true });
  });

  test('is gone when it is closed, and is not started again', async () => {
    await client.check(ONE_PAGE);
    await running.close();
    expect(await isAlive(pidOf())).toBe(false);
    await expect(client.check(ONE_PAGE)).rejects.toMatchObject({
      code: 'browser',
      message: expect.stringContaining('closed'),
    });
  });

  test('that cannot be started says why', async () => {
    const broken = rendererProcess({ program: '/nowhere/renderer.ts' });
    await expect(broken.address()).rejects.toMatchObject({
      kind: 'transient',
      code: 'browser',
      message: expect.stringContaining('does not start'),
    });
    await broken.close();
  });

  test('runs as we do where nobody else could read it, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lazada-sof-renderer-'));
    const program = join(folder, 'echo.mjs');
    await copyFile(new URL('./renderer-process.fixture.mjs', import.meta.url), program);
    await chmod(folder, 0o700);
    const { log, lines: logged } = recordedLog();
    const own = rendererProcess({ program, log });
    expect((await own.address()).url).toBe('http://127.0.0.1:9');
    expect(JSON.stringify(logged)).toContain('the same user');
    await own.close();
    await rm(folder, { recursive: true });
  });

  test('starts Chromium in its own sandbox, or the start says so', async () => {
    await client.draw({ markup: '<p>Invoice 1</p>', pictures: {} });
    const isTold = lines.some((line) => line.includes('without its own sandbox'));
    const browsers = (await childrenOf(pidOf())).filter((command) => command.includes('remote-debugging-pipe'));
    expect(browsers.map((command) => command.includes('--no-sandbox'))).toEqual([isTold]);
  });

  test('leaves no folder behind', async () => {
    const { socketPath = '' } = await running.address();
    const folder = dirname(socketPath);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await running.close();
    await expect(stat(folder)).rejects.toThrow('ENOENT');
    await expect(stat(dirname(folder))).rejects.toThrow('ENOENT');
  });

  test('writes no core file, and has the kernel’s limits', async () => {
    await running.address();
    const limits = await readFile(`/proc/${pidOf()}/limits`, 'utf8');
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    if (toolsHere().prlimit) expect(limits).toMatch(/^Max data size +1610612736 +1610612736 /m);
  });

  test('that takes too much where the kernel does not limit it is ended, and its successor answers', async () => {
    const { log, lines: logged } = recordedLog();
    const watched = rendererProcess({ program: RENDERER_PROGRAM, log, tools: {}, mostBytes: 1 });
    const { token } = await watched.address();
    while ((await watched.address()).token === token) await new Promise(setImmediate);
    expect(JSON.stringify(logged)).toContain('is replaced');
    expect(JSON.stringify(logged)).toContain('no program prlimit');
    await watched.close();
  });
});

test('the renderer ends when whoever started it is killed', async () => {
  const parent = spawn(process.execPath, [new URL('./renderer-process.fixture.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pid = Number(/process (\d+)/.exec(line)?.[1]);
  expect(await isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await gone(pid);
});
