/**
 * Runs the simulator as a service. It takes one argument, a folder: what it knows, and the files that were put on its
 * targets, are there again at the next start.
 */
import { runService } from '@lazada-sof/runtime';
import { startSimulator } from './simulator.ts';

await runService({
  name: 'simulator',
  slices: ['simulator', 'sofp'],
  start: async ({ config: { simulator: given, sofp }, log }) => {
    const simulator = await startSimulator({ ...given, sofPaths: sofp, folder: process.argv[2] });
    const { ftp, sftp, folder, certificateFile } = simulator.files;
    log.info('ready', {
      url: simulator.url,
      ftpUrl: withoutLogin(ftp.url),
      sftpUrl: withoutLogin(sftp.url),
      sftpHostKey: sftp.hostKey,
      ftpCertificate: certificateFile,
      folder,
    });
    return { ready: async () => ({}), stop: () => simulator.close() };
  },
});

function withoutLogin(address: string): string {
  const url = new URL(address);
  return `${url.protocol}//${url.host}`;
}
