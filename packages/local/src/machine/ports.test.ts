import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from './ports.ts';

const listening = async (port: number) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { close: () => new Promise((resolve) => server.close(resolve)) };
};

test('a port lies below those of outgoing connections', async () => {
  expect(await freePort()).toBeLessThan(32_768);
});

test('the preferred port is taken where it is free', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
});

test('another one is taken where the preferred is in use', async () => {
  const port = await freePort();
  const server = await listening(port);
  expect(await freePort(port)).not.toBe(port);
  await server.close();
});
