import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

test('the process tells in its log where it can be reached, and ends with 0 when it is told to', async () => {
  const env = {
    PORT: '0',
    SIMULATOR_FTP_PORT: '0',
    SIMULATOR_SFTP_PORT: '0',
    HEALTH_PORT: '0',
    HOST: '127.0.0.1',
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    let ready: Record<string, string> = {};
    for await (const line of createInterface({ input: child.stdout })) {
      const entry = JSON.parse(line);
      if (entry.message === 'ready') ready = entry;
      if (entry.message === 'started') break;
    }
    expect(ready).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      ftpUrl: expect.stringMatching(/^ftp:\/\/127\.0\.0\.1:\d+$/),
      sftpUrl: expect.stringMatching(/^sftp:\/\/127\.0\.0\.1:\d+$/),
      sftpHostKey: expect.stringMatching(/^SHA256:/),
    });
    expect((await fetch(`${ready.url}/control/counts`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});
