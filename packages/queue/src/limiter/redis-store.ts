import type { RedisClient } from '../server/redis.ts';
import { ASK_AGAIN_MS, FAILURES_IN_A_ROW, PROBE_MS, SLOT_LASTS_MS, type SlotStore, type Taken } from './slot-store.ts';

/** What nobody has asked for so long is forgotten. */
const FORGET_MS = 600_000;

const NOW = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local function read(key, field) return tonumber(redis.call('HGET', key, field) or '0') end
local function write(field, at) redis.call('HSET', KEYS[1], field, string.format('%.3f', at)) end
local function keep(ms) redis.call('PEXPIRE', KEYS[1], math.ceil(ms) + ${FORGET_MS}) end
`;

/** KEYS: account, app (or the account again). ARGV: interval, at most, the slot that was reserved (0: none). */
const TAKE = `${NOW}
local interval, atMost, slot = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local hasSlot = now <= slot + math.max(interval, ${SLOT_LASTS_MS})
local untilThen = math.max(read(KEYS[1], 'paused'), read(KEYS[2], 'paused'))
local paused = untilThen - now
if paused > 0 then
  write('paused', untilThen) -- an app's pause is from now on this account's own, for whoever knows the account alone
  keep(paused)
  return { 'paused', math.ceil(paused) }
end
local at = math.max(now, read(KEYS[1], 'next'))
local wait = at - now
if not hasSlot and wait > 0 then
  if wait <= atMost then write('next', at + interval); keep(wait) end
  return { 'wait', math.ceil(wait), math.ceil(at) }
end
if read(KEYS[1], 'level') > 0 then
  if read(KEYS[1], 'probe') > now then return { 'paused', ${ASK_AGAIN_MS} } end
  write('probe', now + ${PROBE_MS})
end
if not hasSlot then write('next', at + interval); keep(0) end
return { 'go', redis.call('HEXISTS', KEYS[1], 'failed') + redis.call('HEXISTS', KEYS[1], 'level') }`;

const PAUSE = `${NOW}
local untilThen = math.max(read(KEYS[1], 'paused'), now + ARGV[1])
write('paused', untilThen)
keep(untilThen - now)`;

const PAUSES = `${NOW}
local pauses = {}
for i, key in ipairs(KEYS) do
  local ms = math.max(0, read(key, 'paused') - now)
  if read(key, 'level') > 0 and read(key, 'probe') > now then ms = math.max(ms, ${ASK_AGAIN_MS}) end
  pauses[i] = math.ceil(ms)
end
return pauses`;

/** ARGV: the pauses, shortest first. */
const FAILED = `${NOW}
local level = read(KEYS[1], 'level')
if read(KEYS[1], 'paused') > now then return 0 end
if level == 0 and redis.call('HINCRBY', KEYS[1], 'failed', 1) < ${FAILURES_IN_A_ROW} then keep(0) return 0 end
level = math.min(level + 1, #ARGV)
local pause = tonumber(ARGV[level])
redis.call('HDEL', KEYS[1], 'failed', 'probe')
redis.call('HSET', KEYS[1], 'level', level)
write('paused', now + pause)
keep(pause)
return pause`;

type Commands = {
  takeSlot(
    account: string,
    app: string,
    intervalMs: number,
    atMostMs: number,
    slot: number,
  ): Promise<[string, number?, number?]>;
  pauseSlots(name: string, ms: number): Promise<null>;
  slotPauses(count: number, ...names: readonly string[]): Promise<number[]>;
  callFailed(name: string, ...pausesMs: readonly number[]): Promise<number>;
};

export function createRedisStore(redis: RedisClient, prefix: string): SlotStore {
  redis.defineCommand('takeSlot', { numberOfKeys: 2, lua: TAKE });
  redis.defineCommand('pauseSlots', { numberOfKeys: 1, lua: PAUSE });
  redis.defineCommand('slotPauses', { lua: PAUSES });
  redis.defineCommand('callFailed', { numberOfKeys: 1, lua: FAILED });
  const client = redis as RedisClient & Commands; // defined here above
  const key = (name: string) => `${prefix}:limiter:${name}`;
  return {
    async take({ account, app }, { intervalMs, atMostMs, slot: reserved }) {
      const keys = [key(account), key(app ?? account)] as const;
      const [kind, ms, slot] = await client.takeSlot(...keys, intervalMs, atMostMs, reserved ?? 0);
      return (kind === 'go' ? { kind, troubled: ms !== 0 } : { kind, ms, slot }) as Taken; // the script's three answers
    },
    async pause(name, ms) {
      await client.pauseSlots(key(name), ms);
    },
    pauses: async (names) => (names.length === 0 ? [] : client.slotPauses(names.length, ...names.map(key))),
    async succeeded(name) {
      await redis.hdel(key(name), 'failed', 'level', 'probe');
    },
    failed: (name, pausesMs) => client.callFailed(key(name), ...pausesMs),
    async close() {
      redis.disconnect();
    },
  };
}
