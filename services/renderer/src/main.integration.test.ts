/** The renderer that runs by itself: at a port, for whoever reaches it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ONE_PAGE, RENDERER_PROGRAM } from '@lazada-sof/testkit';

let child: ChildProcess;
let url: string;
let says: string[];

beforeAll(async () => {
  const started = spawn(process.execPath, [RENDERER_PROGRAM, '0'], { env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  const [line] = (await once(createInterface({ input: started.stdout }), 'line')) as [string];
  const said = JSON.parse(line) as { port: number; says: string[] };
  url = `http://127.0.0.1:${said.port}`;
  says = said.says;
}, 30_000);
afterAll(async () => {
  if (child.exitCode === null) child.kill('SIGKILL');
});

test('says whether it lives', async () => {
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});

test('looks at a PDF for who has no token, since nobody else reaches it', async () => {
  const answer = await fetch(`${url}/pdfs`, { method: 'POST', body: new Uint8Array(ONE_PAGE) });
  expect(await answer.json()).toEqual({ ok: true, pages: 1 });
});

test('says at its start where Chromium has no sandbox of its own, as it has none as root', () => {
  if (process.getuid?.() === 0) expect(says).toEqual([expect.stringContaining('without its own sandbox')]);
  else expect(says.length).toBeLessThan(2);
});

test('ends when it is told to', async () => {
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});
