import { describe, expect, test } from '@jest/globals';
import { aheadMs, clockFinding } from './clock.ts';

const LAZADA = { check: 'clock (Lazada)', whose: 'api.lazada.sg' };
const NOON = Date.parse('2026-03-01T12:00:00Z');
/** Asked when ours said noon and so many seconds, answered after so many more; theirs was noon. */
const reading = (ours: number, took = 0, resolutionMs = 1_000) => ({
  theirs: new Date(NOON),
  askedAt: new Date(NOON + ours * 1_000),
  answeredAt: new Date(NOON + (ours + took) * 1_000),
  resolutionMs,
});

describe('how far ours is ahead', () => {
  test.each<[says: string, given: Parameters<typeof reading>, ahead: number]>([
    ['not at all', [0], 0],
    ['theirs is cut off to the second', [0.9], 0],
    ['a second that was over is ahead', [3], 2_000],
    ['behind', [-3], -3_000],
    ['a slow answer says nothing of so long as it took', [-8, 10], 0],
    ['a slow answer, and ahead all the same', [30, 10], 29_000],
    ['a slow answer, and behind all the same', [-30, 10], -20_000],
    ['to the millisecond', [0.9, 0, 0], 900],
  ])('%s', (_, given, ahead) => {
    expect(aheadMs(reading(...given))).toBe(ahead);
  });
});

describe('what is said of it', () => {
  test.each<[says: string, ours: number, found: object]>([
    ['agrees', 0, { ok: true, detail: 'ours and that of api.lazada.sg agree' }],
    ['a few seconds are nothing', 6, { ok: true, detail: expect.stringContaining('agree') }],
    ['more are told', 31, { ok: true, warn: true, detail: 'ours is 30 s ahead of that of api.lazada.sg' }],
    ['a minute is still only told', 61, { ok: true, warn: true }],
    ['more than a minute is red', 62, { ok: false, detail: expect.stringMatching(/^ours is 61 s ahead.*two hours/) }],
    ['behind is red too', -75, { ok: false, detail: expect.stringMatching(/^ours is 75 s behind/) }],
    ['minutes', 601, { ok: false, detail: expect.stringMatching(/^ours is 10 min ahead/) }],
    [
      'hours: a time zone where it does not belong',
      8 * 3_600,
      { ok: false, detail: expect.stringMatching(/^ours is 8 h ahead/) },
    ],
  ])('%s', (_, ours, found) => {
    expect(clockFinding(LAZADA, reading(ours))).toMatchObject({ check: 'clock (Lazada)', ...found });
  });

  test('what is off comes with the way out', () => {
    expect(clockFinding(LAZADA, reading(100)).fix).toContain('NTP');
  });
});
