/** After the last test: stops the shared servers and removes their files. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';

export default async function tearDown() {
  await globalThis.testkitServers.close();
  rmSync(dirname(process.env.TESTKIT_LEFT_OUT), { recursive: true, force: true });
}
