/** What every way of reporting statuses promises, whoever stands outside. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Failure, type Fleet, type ReportOutcome, type StatusReport } from '@lazada-sof/orders';
import { anAccount } from '../builders/account.ts';
import { type MemoryTokens, memoryTokens } from '../outside/memory-tokens.ts';
import { type RecordedLimiter, recordedLimiter } from '../outside/recorded-limiter.ts';
import { openScriptedServer, type Script, type ScriptedServer } from '../outside/scripted-server.ts';

type Does =
  | 'accepts'
  | 'refuses for good'
  | 'does not know it yet'
  | 'refuses the token'
  | 'asks to slow down'
  | 'cannot for now'
  | 'loses it on the way'
  | 'breaks off'
  | 'answers by half';

export type FleetDriver = {
  readonly report: StatusReport;
  open(outside: { url: string; tokens: MemoryTokens; limiter: RecordedLimiter }): Fleet & { close(): void };
  /** Where posts arrive. */
  readonly path: string;
  /** How this outside says what it does with a post. */
  readonly says: Readonly<Record<Does, Script>>;
  /** Scripts what else is asked of it: logins, refreshes. */
  prepare(server: ScriptedServer): void;
  /** How a new token comes: the word for it in the journal. */
  readonly renewal: 'login' | 'refresh';
};

const WRITES: readonly string[] = ['open', 'post', 'close accepted', 'close refused', 'close void', 'close unknown'];

export function fleetConformance(name: string, driver: FleetDriver): void {
  describe(`the fleet driver ${name}`, () => {
    let journal: string[];
    let server: ScriptedServer;
    let tokens: MemoryTokens;
    let limiter: RecordedLimiter;
    let fleet: ReturnType<FleetDriver['open']>;

    beforeEach(async () => {
      journal = [];
      server = await openScriptedServer();
      driver.prepare(server);
      tokens = memoryTokens(journal);
      limiter = recordedLimiter(journal);
      fleet = driver.open({ url: server.url, tokens, limiter });
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      fleet.close();
      await server.close();
    });

    /** The outside does these with the posts that come, the last one from then on. */
    const outside = (...does: [Does, ...Does[]]) => {
      const [first, ...rest] = does.map((one): Script => {
        const script = driver.says[one];
        return (asked) => {
          journal.push('post');
          return typeof script === 'function' ? script(asked) : script;
        };
      });
      server.on(driver.path, first as Script, ...rest);
    };
    const report = ({
      opens = async () => true,
      closes = async () => undefined,
      signal,
    }: {
      opens?: () => Promise<boolean>;
      closes?: () => Promise<void>;
      signal?: AbortSignal;
    } = {}) =>
      fleet.report(
        anAccount(),
        driver.report,
        {
          open: async () => {
            journal.push('open');
            return opens();
          },
          close: async ({ outcome }) => {
            journal.push(`close ${outcome}`);
            return closes();
          },
        },
        signal,
      );
    const writes = () => journal.filter((word) => WRITES.includes(word));

    test('has the token before the slot, the slot before the attempt, and closes after the answer', async () => {
      outside('accepts');
      expect(await report()).toMatchObject({ outcome: 'accepted' });
      journal.length = 0;
      await report();
      expect(journal.filter((word) => word !== 'told ok')).toEqual(['read', 'slot', 'open', 'post', 'close accepted']);
    });

    type Row = [sentence: string, does: Does, expected: Partial<ReportOutcome>, failure: object];
    const ROWS: Row[] = [
      [
        'a clear no that cannot pass is refused, and rejected',
        'refuses for good',
        { outcome: 'refused' },
        { kind: 'rejected' },
      ],
      [
        'what is not known yet is refused, and asked about again',
        'does not know it yet',
        { outcome: 'refused' },
        { kind: 'not-ready', schedule: 'unknown-package' },
      ],
      [
        'too many calls are refused, and waited for',
        'asks to slow down',
        { outcome: 'refused' },
        { kind: 'rate-limited', waitMs: 3_000 },
      ],
      [
        'a clear no for now is refused, and passes',
        'cannot for now',
        { outcome: 'refused' },
        { kind: 'transient', code: 'http_503' },
      ],
      [
        'a gateway that lost it leaves it unknown',
        'loses it on the way',
        { outcome: 'unknown' },
        { kind: 'transient', code: 'http_502' },
      ],
      [
        'no answer leaves it unknown',
        'breaks off',
        { outcome: 'unknown', httpStatus: null },
        { kind: 'transient', code: 'reset' },
      ],
      [
        'half an answer leaves it unknown',
        'answers by half',
        { outcome: 'unknown' },
        { kind: 'transient', code: 'reset' },
      ],
    ];
    test.each(ROWS)('%s', async (_sentence, does, expected, failure) => {
      outside(does);
      const outcome = await report();
      expect(outcome).toMatchObject({ ...expected, failure });
      expect(writes()).toEqual(['open', 'post', `close ${expected.outcome}`]);
    });

    test('where nobody listens the attempt is void', async () => {
      await report();
      journal.length = 0;
      await server.close();
      fleet.close();
      expect(await report()).toMatchObject({ outcome: 'void', failure: { kind: 'transient', code: 'no_connection' } });
      expect(writes()).toEqual(['open', 'close void']);
    });

    test('a token that has ended costs one attempt and one new token', async () => {
      outside('accepts');
      await report();
      journal.length = 0;
      outside('refuses the token', 'accepts');
      expect(await report()).toMatchObject({ outcome: 'accepted' });
      expect(writes()).toEqual(['open', 'post', 'close refused', 'open', 'post', 'close accepted']);
      expect(journal.filter((word) => word === driver.renewal)).toHaveLength(1);
    });

    test('a fresh token refused stops the account, after two attempts and no more', async () => {
      outside('refuses the token');
      expect(await report()).toMatchObject({ outcome: 'refused', failure: { kind: 'misconfigured' } });
      expect(writes()).toEqual(['open', 'post', 'close refused', 'open', 'post', 'close refused']);
    });

    test('where a new token cannot be had, that is what the refused attempt failed of', async () => {
      outside('accepts');
      await report();
      journal.length = 0;
      outside('refuses the token');
      const parked = new Failure('misconfigured', 'account shop-7 is parked', { code: 'account_parked' });
      const opens = async () => {
        tokens.refuse = parked;
        return true;
      };
      expect(await report({ opens })).toMatchObject({ outcome: 'refused', failure: parked });
      expect(writes()).toEqual(['open', 'post', 'close refused']);
    });

    test('what is not owed any more for the second round is superseded', async () => {
      outside('accepts');
      await report();
      journal.length = 0;
      outside('refuses the token', 'accepts');
      let opened = 0;
      expect(await report({ opens: async () => ++opened === 1 })).toBe('superseded');
      expect(writes()).toEqual(['open', 'post', 'close refused', 'open']);
    });

    test('too many calls make everybody of the account wait', async () => {
      outside('asks to slow down');
      await report();
      expect(journal).toContain('pause account 3000');
    });

    test('an outage is told to the limiter, an answer too', async () => {
      outside('breaks off', 'refuses for good', 'accepts');
      for (let call = 0; call < 3; call += 1) await report();
      expect(journal.filter((word) => word.startsWith('told')).slice(-3)).toEqual([
        'told failed',
        'told ok',
        'told ok',
      ]);
    });

    test('what is not owed any more never leaves', async () => {
      outside('accepts');
      expect(await report({ opens: async () => false })).toBe('superseded');
      expect(writes()).toEqual(['open']);
    });

    test('an attempt that cannot be written never leaves', async () => {
      outside('accepts');
      await expect(report({ opens: () => Promise.reject(new Error('database away')) })).rejects.toThrow(
        'database away',
      );
      expect(writes()).toEqual(['open']);
    });

    test('an outcome that cannot be written is told, and the attempt stays open', async () => {
      outside('accepts');
      await expect(report({ closes: () => Promise.reject(new Error('database away')) })).rejects.toThrow(
        'database away',
      );
      expect(writes()).toEqual(['open', 'post', 'close accepted']);
    });

    test('without a slot no attempt is opened', async () => {
      limiter.refuse = new Failure('rate-limited', 'paused', { code: 'paused', waitMs: 1 });
      await expect(report()).rejects.toBe(limiter.refuse);
      expect(writes()).toEqual([]);
    });

    test('without credentials no slot is taken and no attempt opened', async () => {
      tokens.refuse = new Failure('misconfigured', 'parked', { code: 'account_parked' });
      await expect(report()).rejects.toBe(tokens.refuse);
      expect(journal).toEqual(['read']);
    });

    test('more than 5 s after it began to open its attempt nothing leaves', async () => {
      outside('accepts');
      const real = performance.now.bind(performance);
      const opens = async () => {
        jest.spyOn(performance, 'now').mockImplementation(() => real() + 6_000);
        return true;
      };
      expect(await report({ opens })).toMatchObject({ outcome: 'void', failure: { kind: 'transient' } });
      expect(writes()).toEqual(['open', 'close void']);
    });

    test('an abort before the attempt leaves everything as it was', async () => {
      outside('accepts');
      await expect(report({ signal: AbortSignal.abort(new Error('shut down')) })).rejects.toThrow('shut down');
      expect(writes()).toEqual([]);
    });

    test('an abort before the post closes the attempt void', async () => {
      outside('accepts');
      const abort = new AbortController();
      const opens = async () => {
        abort.abort(new Error('shut down'));
        return true;
      };
      await expect(report({ opens, signal: abort.signal })).rejects.toThrow('shut down');
      expect(writes()).toEqual(['open', 'close void']);
    });

    test('an abort after the post waits for the answer', async () => {
      const abort = new AbortController();
      const { accepts } = driver.says;
      server.on(driver.path, async (asked) => {
        abort.abort(new Error('shut down'));
        await new Promise((resolve) => setTimeout(resolve, 30));
        return typeof accepts === 'function' ? accepts(asked) : accepts;
      });
      expect(await report({ signal: abort.signal })).toMatchObject({ outcome: 'accepted' });
      expect(writes()).toEqual(['open', 'close accepted']);
    });

    test('no secret is in what it tells of a refusal', async () => {
      outside('refuses for good');
      const outcome = await report();
      expect(JSON.stringify(outcome) + String((outcome as ReportOutcome).failure)).not.toContain('hush');
    });
  });
}
