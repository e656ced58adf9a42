/** What goes wrong at a file target, so many times. */
export const TARGET_FAULTS = [
  /** The login is refused, whatever the password. */
  'refuse-login',
  /** The connection is reset in the middle of an upload; a part of the file stays. */
  'drop-upload',
  /** The target has no space for the file; a part of it stays. */
  'disk-full',
  /** The target lets nobody write. */
  'deny-write',
  /** The rename is done, and the connection reset before the answer. */
  'drop-rename',
] as const;
export type TargetFault = (typeof TARGET_FAULTS)[number];

export class TargetFaults {
  readonly #left = new Map<TargetFault, number>();

  /** From now on, for so many times; for ever where no number is given. */
  set(fault: TargetFault, times = Number.POSITIVE_INFINITY): void {
    this.#left.set(fault, times);
  }

  clear(): void {
    this.#left.clear();
  }

  /** What is still to go wrong; null: for ever. */
  list(): { fault: TargetFault; times: number | null }[] {
    return [...this.#left]
      .filter(([, times]) => times > 0)
      .map(([fault, times]) => ({ fault, times: Number.isFinite(times) ? times : null }));
  }

  /** True where this is to go wrong now; used up by one. */
  take(fault: TargetFault): boolean {
    const left = this.#left.get(fault) ?? 0;
    if (left <= 0) return false;
    this.#left.set(fault, left - 1);
    return true;
  }
}
