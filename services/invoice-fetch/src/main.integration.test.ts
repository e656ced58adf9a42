import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

test('a template that cannot name an invoice stops the start with 78, among all other mistakes', async () => {
  const env = {
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere',
    QUEUE_URL: 'redis://127.0.0.1:1',
    ENCRYPTION_KEYS: 'example',
    INVOICE_PATH_TEMPLATE: '{country}/{buyer}.exe',
    LOG_LEVEL: 'loud',
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const errors = text(child.stderr);
  const [code] = await once(child, 'close');
  expect(code).toBe(78);
  expect((await errors).trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^LOG_LEVEL="loud"/),
    expect.stringMatching(/^ENCRYPTION_KEYS \(not shown\)/),
    'INVOICE_PATH_TEMPLATE="{country}/{buyer}.exe" cannot be used: {buyer} is no placeholder, use {country} {account} {order_number} {yyyy} {mm} {_Ppart} {_Rrevision}; {order_number} is missing, every order needs a name of its own; it must end in .pdf; write a relative path that ends in .pdf, and use only the placeholders of the default',
  ]);
});
