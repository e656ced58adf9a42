/** After the last test: stops the shared servers and removes their files. */
const PATIENCE_MS = 5_000;

export default async function tearDown({ watch, watchAll }) {
  await globalThis.testkitServers.close();
  if (!watch && !watchAll) endAnyway();
}

/** A test that left something open must not keep the run from ending. Does nothing where nothing is open. */
function endAnyway() {
  setTimeout(() => {
    console.error('A test left something open; npm test -- --detectOpenHandles says what.');
    process.exit(); // with the code that jest sets on its way out
  }, PATIENCE_MS).unref();
}
