import { beforeEach, expect, test } from '@jest/globals';
import type { SlotStore, Taken } from './slot-store.ts';
import { tellingNews } from './telling-news.ts';

const KEYS = { account: 'sofp-7', app: undefined };
const RESERVATION = { intervalMs: 200, atMostMs: 20_000, slot: null };

let now: number;
let told: string[];
/** What the next slot says. */
let answer: Taken;
/** Resolved by a test that lets an answer come late. */
let onTheWay: Promise<void>;
let store: SlotStore;

beforeEach(() => {
  now = 0;
  told = [];
  answer = { kind: 'go', troubled: false };
  onTheWay = Promise.resolve();
  const recorded: SlotStore = {
    async take() {
      const taken = answer;
      await onTheWay;
      return taken;
    },
    pause: async () => undefined,
    pauses: async () => [],
    succeeded: async (name) => void told.push(name),
    failed: async () => 0,
    close: async () => undefined,
  };
  store = tellingNews(recorded, () => now);
});

const slot = () => store.take(KEYS, RESERVATION);
const success = () => store.succeeded(KEYS.account);

test('a success of which nothing is known is told', async () => {
  await success();
  expect(told).toEqual(['sofp-7']);
});

test('a success is no news where the slot said that nothing is noted', async () => {
  await slot();
  await success();
  now += 999;
  await success();
  expect(told).toEqual([]);
});

test('what a slot said is believed for a second', async () => {
  await slot();
  now += 1_000;
  await success();
  expect(told).toHaveLength(1);
});

test('a success is news where the slot said that failures are noted, once', async () => {
  answer = { kind: 'go', troubled: true };
  await slot();
  now += 1;
  await success();
  await success();
  expect(told).toHaveLength(1);
});

test('a slot that says nothing of failures teaches nothing', async () => {
  answer = { kind: 'wait', ms: 200, slot: 1 };
  await slot();
  await success();
  expect(told).toHaveLength(1);
});

test('a failure of our own makes the next success news, whatever a slot said before', async () => {
  await slot();
  await store.failed(KEYS.account, [5_000]);
  now += 1;
  await success();
  expect(told).toHaveLength(1);
});

test('a slot asked for before a failure and answered after it does not hide the failure', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  onTheWay = promise;
  const asked = slot();
  now += 1;
  await store.failed(KEYS.account, [5_000]);
  resolve();
  await asked;
  await success();
  expect(told).toHaveLength(1);
});
