/** How long words of others keep a process busy before they may be written down: hostile ones, with as many secrets known as ever are. */
import { randomBytes } from 'node:crypto';
import { redactText, rememberSecrets } from '@lazada-sof/redact';
import { HOSTILE_TEXTS } from '@lazada-sof/redact/fixture';
import { bench } from './bench.ts';
import { figure, inTurns } from './measure.ts';

const OPTIONS = { usual: { rounds: 9, kilobytes: 64, secrets: 10_000 }, quick: { rounds: 3 } };
/** So many at once are measured: some systems count processor time in steps of 4 ms. */
const TIMES = 20;
const ANSWER = 'an answer of Lazada';

await bench(OPTIONS, async ({ options, row }) => {
  const { rounds, kilobytes, secrets } = options;
  const known = Array.from({ length: secrets }, () => randomBytes(36).toString('base64'));
  const learnt = busyMs(() => rememberSecrets(known));
  console.info(`${secrets.toLocaleString('en')} secrets known after ${figure(learnt)} ms`);
  const medians = await inTurns({
    title: `${kilobytes} KB redacted`,
    unit: 'ms of processor',
    rounds,
    ways: Object.fromEntries(
      Object.entries(HOSTILE_TEXTS).map(([name, textOf]) => {
        const text = textOf(kilobytes * 1_024);
        return [name, async () => perTime(() => redactText(text, { foreign: true }))];
      }),
    ),
  });
  row('redact', { ours: Math.max(...Object.values(medians)) });
  row('redact-answer', { ours: medians[ANSWER] ?? Number.NaN });
});

function perTime(work: () => void): number {
  const whole = busyMs(() => {
    for (let n = 0; n < TIMES; n++) work();
  });
  return whole / TIMES;
}

/** Processor time of this thread: while it is held up by others nobody waits for the redaction. */
function busyMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
