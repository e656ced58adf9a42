import { expect, test } from '@jest/globals';
import { Failure } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime';
import { describeOnLinux } from '@lazada-sof/testkit';
import { rendererFinding, rendererRoom } from './renderer.ts';

const { invoices } = readConfig(['invoices'], {});
const look = (options?: { program: string }) => rendererRoom(invoices, options).look(new AbortController().signal);
const at = (name: string) => new URL(name, import.meta.url).pathname;

describeOnLinux('the renderer', () => {
  test('draws all letters in which sellers write', async () => {
    expect(await look()).toEqual([
      { check: 'renderer', ok: true, detail: 'drew a page in Latin, Thai, Vietnamese, Chinese letters' },
    ]);
  });
});

test('one whose browser does not start: why, and what it needs', async () => {
  expect(await look({ program: at('./no-browser.fixture.mjs') })).toEqual([
    {
      check: 'renderer',
      ok: false,
      detail: expect.stringContaining('Chromium does not start (no room)'),
      fix: expect.stringContaining('/tmp'),
    },
  ]);
});

test('one that does not start', async () => {
  expect(await look({ program: '/nowhere/renderer.ts' })).toMatchObject([
    { ok: false, detail: expect.stringContaining('the renderer does not start'), fix: expect.any(String) },
  ]);
});

test('letters that no font has are named', () => {
  const failure = new Failure('rejected', 'invoice: letters that no font has: U+0E01 (ก)', { code: 'render_failed' });
  expect(rendererFinding(failure)).toMatchObject({
    ok: false,
    detail: expect.stringContaining('U+0E01'),
    fix: expect.stringContaining('fonts'),
  });
});

test('PDF_RENDERER=none is told, and nothing is started', async () => {
  const none = readConfig(['invoices'], { PDF_RENDERER: 'none' }).invoices;
  const room = rendererRoom(none, { program: '/nowhere/renderer.ts' });
  expect(await room.look(new AbortController().signal)).toMatchObject([
    { ok: true, warn: true, detail: expect.stringContaining('PDF_RENDERER=none') },
  ]);
});
