/** What safety costs an upload: temporary name, size, look before the rename, against the bare store on a kept connection. */
import { randomBytes } from 'node:crypto';
import { type FileStore, openFileStore } from '@lazada-sof/clients';
import { ftpConnect } from '../../clients/src/file-store/ftp/connect.ts';
import type { Session } from '../../clients/src/file-store/session.ts';
import { sftpConnect } from '../../clients/src/file-store/sftp/connect.ts';
import { readTarget } from '../../clients/src/file-store/target.ts';
import { realServer } from '../src/file-servers/real-servers.ts';
import { servedFolder } from '../src/file-servers/served-folder.ts';
import { startStandIn } from '../src/file-servers/stand-ins.ts';
import { type BenchContext, bench } from './bench.ts';
import { inTurns, perSecond } from './measure.ts';

const OPTIONS = { usual: { rounds: 9, files: 40, kilobytes: 200 }, quick: { rounds: 5, files: 20 } };

const PROTOCOLS = [
  { id: 'P9-ftp', protocol: 'ftp', server: 'vsftpd', store: 'bare STOR' },
  { id: 'P9-sftp', protocol: 'sftp', server: 'OpenSSH', store: 'bare put' },
] as const;

await bench(OPTIONS, async (context) => {
  for (const one of PROTOCOLS) await measure(context, one);
});

async function measure(
  { options, closing, row }: BenchContext<typeof OPTIONS.usual>,
  { id, protocol, server, store: bare }: (typeof PROTOCOLS)[number],
): Promise<void> {
  const real = realServer(protocol);
  const target = closing('start' in real ? await real.start() : await startStandIn(protocol));
  const name = 'start' in real ? server : `a stand-in for ${server} (${real.missing})`;
  const store = closing(openFileStore(target.url));
  const session = await connectBare(protocol, target.url);
  closing({ close: () => session.drop() });
  const { rounds, files, kilobytes } = options;
  const bytes = randomBytes(kilobytes * 1024);
  const names = numbered(files);
  /** What was uploaded goes before the disk has to take it, which would be measured in a later round. */
  const cleared = (figure: Promise<number>) => figure.finally(() => servedFolder(target.folder).clear());
  const medians = await inTurns({
    title: `${protocol.toUpperCase()} to ${name}, ${kilobytes} KB`,
    unit: 'files/s',
    rounds,
    ways: {
      [bare]: () => cleared(perSecond(files, () => writeAll(session, folderOf(target.url), names(), bytes))),
      'FileStore.put': () => cleared(perSecond(files, () => putAll(store, names(), bytes))),
    },
  });
  row(id, { ours: medians['FileStore.put'] ?? Number.NaN, floor: medians[bare] ?? Number.NaN });
}

/** New names for each round: nothing is ever overwritten. */
function numbered(count: number): () => string[] {
  let next = 0;
  return () => Array.from({ length: count }, () => `INV_${next++}.pdf`);
}

async function putAll(store: FileStore, names: readonly string[], bytes: Uint8Array): Promise<void> {
  for (const name of names) await store.put(name, bytes);
}

async function writeAll(session: Session, folder: string, names: readonly string[], bytes: Buffer): Promise<void> {
  for (const name of names) await session.write(`${folder}/bare_${name}`, bytes);
}

async function connectBare(protocol: 'ftp' | 'sftp', url: URL): Promise<Session> {
  const parameters = protocol === 'sftp' ? ['hostkey'] : [];
  const target = readTarget(url, { defaultPort: 21, needsUser: true, parameters });
  const session = await (protocol === 'sftp' ? sftpConnect : ftpConnect)(target)(AbortSignal.timeout(15_000));
  await session.makeFolder(folderOf(url));
  return session;
}

function folderOf(url: URL): string {
  return decodeURIComponent(url.pathname);
}
