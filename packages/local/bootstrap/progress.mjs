/** How far pnpm is, from its machine-readable log: one line that changes on a terminal, else a line every few seconds. */
const EVERY_MS = process.stderr.isTTY ? 100 : 5_000;

export function createProgress() {
  const seen = { known: 0, done: 0, megabytes: 0, last: 0 };
  const sizes = new Map();
  const show = (words) => {
    seen.last = Date.now();
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K  ${words}`);
    else console.error(`  ${words}`);
  };
  return {
    see(event) {
      if (event.name === 'pnpm:lifecycle' && event.script) return show('unpacking Node 24 …');
      if (event.status === 'started' && event.size) sizes.set(event.packageId, event.size);
      if (event.name !== 'pnpm:progress') return;
      if (event.status === 'resolved') seen.known += 1;
      if (event.status === 'imported') seen.done += 1;
      if (event.status === 'fetched') seen.megabytes += (sizes.get(event.packageId) ?? 0) / 1e6;
      if (Date.now() - seen.last > EVERY_MS)
        show(`${seen.done} of ${seen.known} packages, ${Math.round(seen.megabytes)} MB fetched`);
    },
    done() {
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    },
  };
}
