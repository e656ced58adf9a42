import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFtpTarget, startSftpTarget, type TargetFaults } from '@lazada-sof/simulator/file-targets';
import type { FileServer } from './file-server.ts';

/**
 * The simulator's server for the protocol, in this process: on every machine, and with faults that can be switched.
 * Not for FTPS: ftp-srv hangs up on a small file over TLS before it has read it.
 */
export async function startStandIn(protocol: 'ftp' | 'sftp'): Promise<FileServer & { readonly faults: TargetFaults }> {
  const dir = mkdtempSync(join(tmpdir(), 'sof-files-'));
  const login = { root: join(dir, 'root'), user: 'seller', password: 'hidden-in-every-message' };
  const target = protocol === 'sftp' ? await startSftpTarget(login) : await startFtpTarget(login);
  const url = new URL(target.url);
  url.pathname = '/in';
  return {
    url,
    folder: join(target.root, 'in'),
    faults: target.faults,
    async close() {
      await target.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
