import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagedChromium } from './chromium-binary.ts';

const run = promisify(execFile);
let under: string;
beforeAll(async () => {
  under = await mkdtemp(join(tmpdir(), 'lazada-sof-browser-'));
});
afterAll(() => rm(under, { recursive: true, force: true }));

test('two that unpack the browser at once have one that runs, and leave nothing else', async () => {
  const [one, two] = await Promise.all([packagedChromium(under), packagedChromium(under)]);
  expect(one).toEqual(two);
  const { stdout } = await run(one.executablePath, ['--version'], { env: { ...one.env } });
  expect(stdout).toMatch(/Chrom/);
  expect((await readdir(dirname(dirname(one.executablePath)))).length).toBe(1);
}, 180_000);

test('a folder to which others may write is not believed', async () => {
  const { executablePath } = await packagedChromium(under);
  await chmod(dirname(dirname(executablePath)), 0o777);
  await expect(packagedChromium(under)).rejects.toThrow(/not this user's own folder/);
});
