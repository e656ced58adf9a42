/** A door with TLS in front of a server without, so that no server has to be built with it. */
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import type { selfSignedCertificate } from '@lazada-sof/simulator/file-targets';

export type TlsDoor = {
  readonly port: number;
  /** The server's address by this door. */
  readonly url: string;
  close(): Promise<void>;
};
export type Identity = ReturnType<typeof selfSignedCertificate>;

/** @param url `redis://…` or `redis+cluster://…` */
export async function openTlsDoor(url: string, identity: Identity): Promise<TlsDoor> {
  const { hostname, port: behindPort } = new URL(url);
  const door = createServer(identity, (caller) => {
    const behind = connect(Number(behindPort), hostname);
    caller.pipe(behind).pipe(caller);
    for (const socket of [caller, behind])
      socket.on('error', () => {
        for (const each of [caller, behind]) each.destroy();
      });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const address = door.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    port,
    url: url.replace(/^redis/, 'rediss').replace(`:${behindPort}`, `:${port}`),
    close: () => new Promise((resolve) => door.close(() => resolve())),
  };
}
