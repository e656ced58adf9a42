import { connect } from 'node:net';
import { until } from '@lazada-sof/local';

/** Resolves when somebody listens on the loopback port. */
export async function untilListening(port: number): Promise<void> {
  await until(() => canConnect(port), { what: `a server on port ${port}`, withinMs: 30_000 });
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('connect', () => socket.destroy()).once('error', () => resolve(false));
  });
}
