/** Lazada's deadline in words, by the clock of the account: how long is left, or since when it is late. */
import { localClock } from '../days/days.ts';
import type { Order } from '../model/order.ts';
import { DAY, HOUR, MINUTE } from '../model/schedules.ts';

/** `ship by 2026-03-02 23:59 (Asia/Singapore), 3 h 20 min left`. Null: it has no deadline. */
export function deadlineInWords({ shipBy, account }: Order, now: Date): string | null {
  if (!shipBy) return null;
  const { day, time } = localClock(shipBy, account.timezone);
  const at = `${day} ${time} (${account.timezone})`;
  const leftMs = shipBy.getTime() - now.getTime();
  return leftMs > 0 ? `ship by ${at}, ${duration(leftMs)} left` : `late since ${at}, for ${duration(-leftMs)}`;
}

/** The two greatest units, rounded down: nobody is told more time than there is. */
export function duration(ms: number): string {
  const [days, hours, minutes] = [
    Math.floor(ms / DAY),
    Math.floor((ms % DAY) / HOUR),
    Math.floor((ms % HOUR) / MINUTE),
  ];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return minutes > 0 ? `${minutes} min` : 'less than a minute';
}
