/** Whether Chromium can lock its own processes in here: it makes user namespaces and leaves the file system for that. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What it does itself, in the same order: namespaces of user, network and processes, and another root. */
const AS_CHROMIUM = ['--user', '--map-root-user', '--net', '--pid', '--fork', 'chroot', '/', 'true'];
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Null: it can. */
export async function whyNoSandbox(isRoot: boolean = process.getuid?.() === 0): Promise<string | null> {
  if (isRoot) return 'it does not start with it as root';
  return promisify(execFile)('unshare', AS_CHROMIUM, { env: { PATH } }).then(
    () => null,
    () => 'this machine lets this user make no user namespaces (a container: deploy/renderer-seccomp.json lets it)',
  );
}
