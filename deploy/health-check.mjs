/**
 * The health check of a container: `health-check.mjs [PORT [PID]]`. Exit code 0 where the service is ready. A service that
 * lives but gets nowhere is ended, since Docker restarts what ends and leaves alone what is only unhealthy.
 */
const [port = '9464', pid = '1'] = process.argv.slice(2);

const ok = async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).ok;

try {
  if (!(await ok('/livez'))) process.kill(Number(pid), 'SIGTERM');
  process.exitCode = (await ok('/readyz')) ? 0 : 1;
} catch {
  process.exitCode = 1; // not up yet, or not any more
}
