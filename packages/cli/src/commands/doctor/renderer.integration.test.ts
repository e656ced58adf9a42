import { expect, test } from '@jest/globals';
import { readConfig } from '@lazada-sof/runtime';
import { describeOnLinux } from '@lazada-sof/testkit';
import { type Drawing, rendererRoom } from './renderer.ts';

const { invoices } = readConfig(['invoices'], {});
const look = (drawing?: Drawing) => rendererRoom(invoices, drawing).look(new AbortController().signal);
const at = (name: string) => new URL(name, import.meta.url).pathname;

describeOnLinux('the renderer', () => {
  test('draws all letters in which sellers write', async () => {
    expect(await look()).toEqual([
      { check: 'renderer', ok: true, detail: 'drew a page in Latin, Thai, Vietnamese, Chinese letters' },
    ]);
  });

  test('names letters that no font has', async () => {
    expect(await look({ page: '<!doctype html><p>Invoice 1 \u{12000}</p>' })).toEqual([
      {
        check: 'renderer',
        ok: false,
        detail: expect.stringContaining('letters that no font has: U+12000'),
        fix: expect.stringContaining('fonts'),
      },
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

test('PDF_RENDERER=none is told, and nothing is started', async () => {
  const none = readConfig(['invoices'], { PDF_RENDERER: 'none' }).invoices;
  const room = rendererRoom(none, { program: '/nowhere/renderer.ts' });
  expect(await room.look(new AbortController().signal)).toMatchObject([
    { ok: true, warn: true, detail: expect.stringContaining('PDF_RENDERER=none') },
  ]);
});
