/**
 * The renderer as our child: what it reads and draws is foreign, and it has none of what we hold. Its environment is empty,
 * its token comes by its standard input, and it ends when that ends, so that none is left however we end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { RendererAddress } from '@lazada-sof/clients';
import { browserTrouble } from './failures.ts';
import { otherUser } from './other-user.ts';

export type RendererProcess = {
  /** Of the one that runs; started where none does. */
  address(): Promise<RendererAddress>;
  /** Ends it at once, with whatever it is at; the next call starts another. */
  kill(): void;
  /** For good. */
  close(): Promise<void>;
};

export type RendererProcessOptions = {
  /** The renderer's `main.ts`. */
  readonly program: string;
  readonly log?: { info(message: string): void; warn(message: string): void };
};

export function rendererProcess({ program, log }: RendererProcessOptions): RendererProcess {
  let current: Promise<Child> | undefined;
  let isClosed = false;

  function start(): Promise<Child> {
    const starting = startChild(program, log);
    const forget = () => {
      if (current === starting) current = undefined;
    };
    starting.then(({ ended }) => ended).then(forget, forget);
    return starting;
  }

  async function end() {
    const ended = current;
    current = undefined;
    await ended?.then((child) => child.kill()).catch(() => undefined);
  }

  return {
    async address() {
      if (isClosed) throw browserTrouble('the renderer was closed');
      current ??= start();
      return (await current).address;
    },
    kill: () => void end(),
    async close() {
      isClosed = true;
      await end();
    },
  };
}

type Child = {
  readonly address: RendererAddress;
  readonly ended: Promise<unknown>;
  kill(): Promise<void>;
};

const START_MS = 30_000;
/** Its heap would otherwise wait with what is over until there is a gigabyte of it. */
const LIMITS = ['--max-old-space-size=192', '--max-semi-space-size=4'];

async function startChild(program: string, log: RendererProcessOptions['log']): Promise<Child> {
  const user = await otherUser(program);
  if (user === null) log?.warn('the renderer runs as the same user, so that it could read what this service can');
  const child = spawn(process.execPath, [...LIMITS, program], {
    ...user,
    env: {},
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  };
  const token = randomBytes(32).toString('base64url');
  // It may end before it has read.
  child.stdin.on('error', () => undefined).write(`${token}\n`);
  try {
    const { url } = await saidBy(child, ended);
    log?.info(`the renderer runs as process ${child.pid}`);
    return { address: { url, token }, ended, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Its address, or why it does not start. */
async function saidBy(child: ChildProcess, ended: Promise<unknown>): Promise<{ url: string }> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk}`.slice(-2_000);
  });
  const line = once(createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }), 'line', {
    signal: AbortSignal.timeout(START_MS),
  });
  const early = ended.then(() => {
    throw browserTrouble(`the renderer does not start (${complaint.trim().split('\n').at(-1)})`);
  });
  const [said] = (await Promise.race([line, early])) as [string];
  early.catch(() => undefined);
  return JSON.parse(said);
}
