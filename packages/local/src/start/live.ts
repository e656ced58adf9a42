/** `npm start`: keeps the demonstration going and its screen true, until it is told to stop. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDisplay } from './display.ts';
import { type Numbers, readNumbers } from './numbers.ts';
import { drawScreen, type Screen, screenLines } from './screen.ts';
import { DEMO_USER, type Demo } from './start-demo.ts';
import { TURN_MS, takeTurn } from './traffic.ts';
import type { Trouble } from './trouble.ts';

/** A screen may change at once; lines that stay should not be many. */
const LOOK_MS = process.stdout.isTTY ? 500 : 2_000;

export async function runLive(demo: Demo, dir: string, stopped: AbortSignal): Promise<void> {
  const display = openDisplay(process.stdout.isTTY);
  const begun = Date.now();
  let turn = 0;
  let missed: Trouble[] = [];
  while (!stopped.aborted) {
    if (Date.now() - begun >= turn * TURN_MS)
      missed = await takeTurn(turn++, demo, demo.doors).then(nothing, missedTurn);
    const notes = [...endedServices(demo), ...missed];
    const screen = screenOf(demo, { dir, notes, numbers: await readNumbers(demo.pool), begun });
    display.show(drawScreen(screen, windowSize()), screenLines(screen));
    await sleep(LOOK_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
  display.done();
}

/** Read anew each time: the reader may change it. */
const windowSize = () => ({ rows: process.stdout.rows ?? 24, columns: process.stdout.columns ?? 80 });

function screenOf(demo: Demo, seen: { dir: string; numbers: Numbers; notes: Trouble[]; begun: number }): Screen {
  const { dir, numbers, notes, begun } = seen;
  return {
    numbers,
    notes,
    upSeconds: Math.round((Date.now() - begun) / 1000),
    queueName: demo.queueName,
    apiUrl: demo.system.url('api'),
    simulatorUrl: demo.system.url('simulator'),
    databaseUrl: demo.databaseUrl,
    user: { name: DEMO_USER, password: demo.secrets.password },
    apiKey: demo.apiKey,
    invoices: demo.invoices,
    imports: demo.imports,
    logs: join(dir, 'logs'),
  };
}

function endedServices({ system }: Demo): Trouble[] {
  const ended = system.workers.filter((worker) => !worker.running());
  return ended.map(({ service, log }) => ({
    what: `${service} has ended, see ${log.file}`,
    heals: 'a new start (in production the supervisor starts it anew)',
  }));
}

const nothing = (): Trouble[] => [];

/** The reader may have broken the simulator on purpose. */
const missedTurn = (error: unknown): Trouble[] => [
  {
    what: `no new order could be made: ${error instanceof Error ? error.message : error}`,
    heals: 'the next turn, in a few seconds',
  },
];
