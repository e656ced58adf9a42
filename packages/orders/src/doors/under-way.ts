/** An end that has been let go, and of which nobody knows yet what became of it. */
import { isOpenAttempt } from '../records/attempt.ts';
import { contradicts, type Refused } from './refuse.ts';
import type { OrderUpdate, PackageView, UpdateView } from './update.ts';

type OpenEnd = UpdateView['attempts'][number];

export const openEnd = ({ attempts }: UpdateView, { id }: PackageView): OpenEnd | undefined =>
  attempts.find((attempt) => attempt.packageRowId === id && attempt.status !== 'shipped' && isOpenAttempt(attempt));

export const onItsWay = (update: OrderUpdate, { packageId }: PackageView, { status }: OpenEnd): Refused =>
  contradicts(update, `package ${packageId}: ${status} is on its way to Lazada; wait until its outcome is known`);
