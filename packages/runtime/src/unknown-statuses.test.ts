import { expect, test } from '@jest/globals';
import { recordedLog } from '@lazada-sof/testkit';
import { createMetrics } from './metrics.ts';
import { watchUnknownStatuses } from './unknown-statuses.ts';

const HOUR = 3_600_000;

function rig() {
  const metrics = createMetrics();
  const { log, lines } = recordedLog();
  let now = 0;
  const seen = watchUnknownStatuses({ metrics, log }, () => now);
  return {
    lines,
    see: (status: string, account = 'shop-7') => seen({ account, status }),
    pass(ms: number) {
      now += ms;
    },
    /** How often each name was counted. */
    async counted() {
      const page = await metrics.metrics();
      const found = page.matchAll(/^sof_unknown_statuses_total\{status="(.*)"\} (\d+)$/gm);
      return Object.fromEntries([...found].map(([, name, count]) => [name, Number(count)]));
    },
    told: () => lines.map(({ level, account, status }) => [level, account, status]),
  };
}

test('an unknown status is counted by its name, whatever its letters', async () => {
  const { see, counted } = rig();
  for (const status of ['in_customs', 'IN_CUSTOMS', ' In_Customs ', 'on hold']) see(status);
  expect(await counted()).toEqual({ in_customs: 3, 'on hold': 1 });
});

test('and told once a day for each account and status', () => {
  const { see, pass, told } = rig();
  for (let read = 0; read < 100; read += 1) see('in_customs');
  see('in_customs', 'shop-8');
  see('on hold');
  expect(told()).toEqual([
    ['warn', 'shop-7', 'in_customs'],
    ['warn', 'shop-8', 'in_customs'],
    ['warn', 'shop-7', 'on hold'],
  ]);
  pass(23 * HOUR);
  see('in_customs');
  expect(told()).toHaveLength(3);
  pass(HOUR);
  see('in_customs');
  expect(told()).toHaveLength(4);
});

test.each([
  ['no status at all', '', 'none'],
  ['what is no name', 'ส่งแล้ว', 'other'],
  ['a label that would break out of its quotes', 'x"} 1\nsof_jobs_total{queue="y', 'other'],
  ['a page', `a${'b'.repeat(100_000)}`, 'other'],
])('%s is counted as such', async (_sentence, status, name) => {
  const { see, counted, lines } = rig();
  see(status);
  expect(await counted()).toEqual({ [name]: 1 });
  expect(String(lines[0]?.status).length).toBeLessThanOrEqual(64);
});

test('a Lazada with a new name for every order is counted under fifty of them, and fills no log', async () => {
  const { see, counted, told } = rig();
  for (let n = 0; n < 5_000; n += 1) see(`status_${n}`);
  const names = await counted();
  expect(Object.keys(names)).toHaveLength(51);
  expect(names).toMatchObject({ status_0: 1, status_49: 1, other: 4_950 });
  expect(told()).toHaveLength(51);
});

test('nor does one that has it for a thousand accounts', () => {
  const { see, pass, told } = rig();
  for (let n = 0; n < 5_000; n += 1) see('in_customs', `shop-${n}`);
  expect(told()).toHaveLength(1_000);
  pass(24 * HOUR);
  see('in_customs', 'shop-4999');
  expect(told()).toHaveLength(1_001);
});
