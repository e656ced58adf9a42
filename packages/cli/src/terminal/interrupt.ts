/** Ctrl-C while a command only looks on: it takes its leave and says what goes on without it. A second one ends it at once. */

export type Interrupt = {
  readonly signal: AbortSignal;
  /** From then on Ctrl-C ends the process, as ever. */
  end(): void;
};

export function onInterrupt(): Interrupt {
  const asked = new AbortController();
  const leave = () => asked.abort();
  process.once('SIGINT', leave);
  return { signal: asked.signal, end: () => void process.off('SIGINT', leave) };
}
