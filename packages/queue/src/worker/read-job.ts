/** A stored job becomes a typed one, or the list of everything that is wrong with it. */
import type { z } from 'zod';
import { JOBS, type JobRequest, type QueueName } from '../contract.ts';

export function readJob(queue: QueueName, name: string, data: unknown): JobRequest | { mistakes: string[] } {
  const known = Object.entries(JOBS).filter(([, definition]) => definition.queue === queue);
  const definition = known.find(([each]) => each === name)?.[1];
  if (!definition) {
    return { mistakes: [`name is "${name}": in ${queue} it is one of ${known.map(([each]) => each).join(', ')}`] };
  }
  const parsed = definition.payload.safeParse(data);
  if (!parsed.success) return { mistakes: parsed.error.issues.map(describeIssue) };
  return { name, data: parsed.data } as JobRequest; // the definition of that name has just read it
}

const describeIssue = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.') || 'the payload'}: ${message}`;
