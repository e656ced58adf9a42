/** A stored job becomes a typed one, or the list of everything that is wrong with it. */
import { oneLine } from '@lazada-sof/redact';
import type { z } from 'zod';
import { aboutJob, JOBS, type JobName, type JobRequest, type QueueName } from '../contract.ts';

/** `about`: what it is about, as far as it can be read. */
export type Unreadable = { readonly mistakes: readonly string[]; readonly about?: string };

export function readJob(queue: QueueName, name: string, data: unknown): JobRequest | Unreadable {
  const known = Object.entries(JOBS).filter(([, definition]) => definition.queue === queue);
  const definition = known.find(([each]) => each === name)?.[1];
  if (!definition) {
    return {
      mistakes: [`name is "${shown(name)}": in ${queue} it is one of ${known.map(([each]) => each).join(', ')}`],
    };
  }
  const parsed = definition.payload.safeParse(data);
  if (!parsed.success) return unreadable(parsed.error.issues, aboutJob(name as JobName, data)); // found by that name
  return { name, data: parsed.data } as JobRequest; // the definition of that name has just read it
}

function unreadable(issues: readonly z.core.$ZodIssue[], about: string | undefined): Unreadable {
  const told = issues.slice(0, MOST_MISTAKES).map(describeIssue);
  const more = issues.length - told.length;
  return {
    mistakes: more > 0 ? [...told, `and ${more} more`] : told,
    ...(about !== undefined && { about }),
  };
}

const describeIssue = ({ path, message }: z.core.$ZodIssue): string =>
  `${path.join('.') || 'the payload'}: ${shown(message)}`;

const MOST_MISTAKES = 50;
const LONGEST = 500;

/** Words of a stranger's job, which may be a megabyte long and steer a terminal. */
function shown(words: string): string {
  const plain = oneLine(words.slice(0, LONGEST));
  return words.length > LONGEST ? `${plain}…` : plain;
}
