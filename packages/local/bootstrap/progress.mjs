/** How far pnpm is, from its machine-readable log: one line that changes on a terminal, else a line every few seconds. */
const isTerminal = process.stderr.isTTY;
const EVERY_MS = isTerminal ? 100 : 5_000;

export function createProgress() {
  const begun = Date.now();
  const seen = { known: 0, done: 0, megabytes: 0, last: begun };
  const sizes = new Map();
  const show = (words) => {
    seen.last = Date.now();
    process.stderr.write(isTerminal ? `\r\u001b[K  ${words}` : `  ${words}\n`);
  };
  const state = () => `${seen.done} of ${seen.known} packages, ${Math.round(seen.megabytes)} MB fetched`;
  return {
    see(event) {
      if (event.name === 'pnpm:lifecycle' && event.script) return show(`${state()}; unpacking Node …`);
      if (event.status === 'started' && event.size) sizes.set(event.packageId, event.size);
      if (event.name !== 'pnpm:progress') return;
      if (event.status === 'resolved') seen.known += 1;
      if (event.status === 'imported') seen.done += 1;
      if (event.status === 'fetched') seen.megabytes += (sizes.get(event.packageId) ?? 0) / 1e6;
      if (seen.done > 0 && Date.now() - seen.last > EVERY_MS) show(state());
    },
    done() {
      if (seen.known === 0) return;
      show(`${state()} in ${Math.round((Date.now() - begun) / 1000)} s.`);
      if (isTerminal) process.stderr.write('\n');
    },
  };
}
