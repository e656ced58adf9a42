/** Puts an answer on the wire, well or badly. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Answer } from './call.ts';
import type { Fault } from './faults.ts';

const FILLER = Buffer.alloc(64 * 1024, ' ');
const TICK_MS = 100;

/** Ends the connection by a reset, as a broken line does. */
export function reset(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

export async function transmit(reply: FastifyReply, answer: Answer, fault: Fault | undefined): Promise<unknown> {
  if (fault?.drop === 'after') return reset(reply);
  if (fault?.drop === 'half') return sendHalf(reply, answer);
  if (fault?.size !== undefined) return sendLarge(reply, answer, fault.size);
  if (fault?.bytesPerSecond !== undefined) return sendSlowly(reply, answer, fault.bytesPerSecond);
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, ...fault?.headers })
    .send(answer.body);
}

async function sendHalf(reply: FastifyReply, answer: Answer): Promise<void> {
  const body = begin(reply, answer);
  await write(reply, body.subarray(0, body.length / 2));
  await sleep(20); // so that the half arrives before the reset
  reply.raw.socket?.resetAndDestroy();
}

async function sendLarge(reply: FastifyReply, answer: Answer, size: number): Promise<void> {
  const body = begin(reply, answer, size);
  await write(reply, body.subarray(0, size));
  for (let left = size - body.length; left > 0 && !reply.raw.destroyed; left -= FILLER.length)
    await write(reply, FILLER.subarray(0, left));
  reply.raw.end();
}

async function sendSlowly(reply: FastifyReply, answer: Answer, bytesPerSecond: number): Promise<void> {
  const body = begin(reply, answer);
  const tickMs = Math.max(TICK_MS, 1000 / bytesPerSecond);
  const step = Math.max(1, Math.floor((bytesPerSecond * tickMs) / 1000));
  for (let at = 0; at < body.length && !reply.raw.destroyed; at += step) {
    await write(reply, body.subarray(at, at + step));
    await sleep(tickMs, undefined, { ref: false });
  }
  reply.raw.end();
}

/** Writes the head by hand, since Fastify would not promise more bytes than it sends. */
function begin(reply: FastifyReply, answer: Answer, length?: number): Buffer {
  const body = Buffer.from(answer.body);
  reply.hijack();
  reply.raw.on('error', () => reply.raw.destroy());
  reply.raw.writeHead(answer.status, { ...answer.headers, 'content-length': length ?? body.length });
  reply.raw.flushHeaders();
  return body;
}

function write(reply: FastifyReply, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (reply.raw.destroyed) return resolve();
    reply.raw.once('close', resolve);
    reply.raw.write(bytes, () => {
      reply.raw.off('close', resolve);
      resolve();
    });
  });
}
