/** A job whose sender named no request is one itself: however often it runs, it has one effect. */
import { createHash } from 'node:crypto';
import type { JobIdentity } from '../worker/run-job.ts';

/** An id that a sender chose may be of any length and hold anything. */
const PLAIN = /^[\w.@-]{1,100}$/;

/** `job:<id>:<when it was added, in milliseconds>`, both as the dashboard shows them; in place of an odd id its SHA-256. */
export const requestOfJob = ({ id, addedAt }: JobIdentity): string =>
  `job:${PLAIN.test(id) ? id : createHash('sha256').update(id).digest('hex')}:${addedAt.getTime()}`;
