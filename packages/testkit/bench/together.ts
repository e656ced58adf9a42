/** Lets those who come go on together: once they are so many, or once nobody came for a while. */
export function gather(size: number, { quietMs }: { quietMs: number }): () => Promise<void> {
  let waiting: (() => void)[] = [];
  let quiet: NodeJS.Timeout | undefined;

  function release(): void {
    clearTimeout(quiet);
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      clearTimeout(quiet);
      if (waiting.length >= size) release();
      else quiet = setTimeout(release, quietMs);
    });
}
