/** Counts events per key in the second before each one, so that no window's edge hides a burst. */
export class SlidingSecond {
  readonly #times = new Map<string, number[]>();

  /** Notes one event and answers how many there were in the second that ends with it. */
  note(key: string, at: number): number {
    const times = this.#recent(key, at);
    times.push(at);
    this.#times.set(key, times);
    return times.length;
  }

  count(key: string, at: number): number {
    return this.#recent(key, at).length;
  }

  #recent(key: string, at: number): number[] {
    return (this.#times.get(key) ?? []).filter((time) => time > at - 1000);
  }
}
