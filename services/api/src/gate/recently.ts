/** What came in a moment ago, by name. The one whose last time is longest ago is forgotten where there are too many. */

type Options = { readonly forMs: number; readonly most: number; readonly now: () => number };

export class Recently {
  readonly #options: Options;
  readonly #at = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  has(name: string): boolean {
    const at = this.#at.get(name);
    return at !== undefined && this.#options.now() - at < this.#options.forMs;
  }

  note(name: string): void {
    this.#at.delete(name); // it comes last again
    this.#at.set(name, this.#options.now());
    const [oldest] = this.#at.keys();
    if (this.#at.size > this.#options.most && oldest !== undefined) this.#at.delete(oldest);
  }

  forget(name: string): void {
    this.#at.delete(name);
  }
}
