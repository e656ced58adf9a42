import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@lazada-sof/local';
import { selfSignedCertificate } from '@lazada-sof/simulator/file-targets';
import type { FileServer } from './file-server.ts';
import { serveNewUser } from './host-user.ts';
import { untilBound } from './listening.ts';

export type VsftpdOptions = {
  /** It takes neither logins nor data unencrypted. */
  readonly tls?: boolean;
  /** Lines of its configuration besides ours, `max_per_ip` for one. */
  readonly settings?: Readonly<Record<string, string | number>>;
};

/** Debian's FTP server in the foreground. */
export function startVsftpd(program: string, { tls = false, settings = {} }: VsftpdOptions = {}): Promise<FileServer> {
  return serveNewUser(async ({ name, password, dir, home }, children) => {
    const port = await freePort();
    const certificate = join(dir, 'cert.pem');
    mkdirSync(join(dir, 'empty'));
    writeFileSync(join(dir, 'vsftpd.conf'), config({ port, dir, tls, settings }), { mode: 0o600 });
    if (tls) writeCertificate(dir, certificate);
    await children.start({
      name: 'vsftpd',
      stage: 'queue',
      command: program,
      args: [join(dir, 'vsftpd.conf')],
      env: {},
      logFile: join(dir, 'vsftpd.log'),
    });
    await untilBound(port);
    const query = tls ? `?ca=${encodeURIComponent(certificate)}` : '';
    const url = new URL(`${tls ? 'ftps' : 'ftp'}://${name}:${password}@localhost:${port}/in${query}`);
    return { url, folder: join(home, 'in') };
  });
}

function writeCertificate(dir: string, file: string): void {
  const { key, cert } = selfSignedCertificate();
  writeFileSync(join(dir, 'key.pem'), key, { mode: 0o600 });
  writeFileSync(file, cert);
}

type Written = Required<VsftpdOptions> & { readonly port: number; readonly dir: string };

function config({ port, dir, tls, settings }: Written): string {
  const encrypted = {
    ssl_enable: 'YES',
    rsa_cert_file: join(dir, 'cert.pem'),
    rsa_private_key_file: join(dir, 'key.pem'),
    force_local_logins_ssl: 'YES',
    force_local_data_ssl: 'YES',
    // Resumed sessions of TLS 1.3 are beyond this server.
    require_ssl_reuse: 'NO',
    ssl_tlsv1: 'YES',
  };
  const all = {
    listen: 'YES',
    listen_address: '127.0.0.1',
    listen_port: port,
    background: 'NO',
    anonymous_enable: 'NO',
    local_enable: 'YES',
    write_enable: 'YES',
    local_umask: '022',
    pam_service_name: 'vsftpd',
    secure_chroot_dir: join(dir, 'empty'),
    chroot_local_user: 'YES',
    allow_writeable_chroot: 'YES',
    pasv_address: '127.0.0.1',
    // Below the range from which outgoing connections take their ports.
    pasv_min_port: 10_000,
    pasv_max_port: 19_999,
    seccomp_sandbox: 'NO',
    xferlog_enable: 'NO',
    ...(tls ? encrypted : {}),
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
