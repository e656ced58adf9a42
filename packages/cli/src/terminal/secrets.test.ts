import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readSecrets, type SecretName, type Secrets } from './secrets.ts';

let dir: string;
let file: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'lazada-sof-secrets-'));
  file = join(dir, 'secret');
  writeFileSync(file, 'from the file\n');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const read = (needed: readonly SecretName[], input: string, options: Record<string, string> = {}) =>
  readSecrets({ needed, options, stdin: Readable.from([input]) });
const BOTH = ['appSecret', 'sofPassword'] as const;

describe('standard input', () => {
  test.each<[what: string, needed: readonly SecretName[], input: string, secrets: Secrets]>([
    ['the one secret that is missing', ['appSecret'], 'hush\n', { appSecret: 'hush' }],
    ['one that looks like name=value', ['appSecret'], 'QWxhZGRpbg==', { appSecret: 'QWxhZGRpbg==' }],
    ['lines of name=value', BOTH, 'appSecret=a\nsofPassword=b=c\n', { appSecret: 'a', sofPassword: 'b=c' }],
    ['names as variables have them', BOTH, 'APP_SECRET=a\r\nSOF_PASSWORD=b', { appSecret: 'a', sofPassword: 'b' }],
    ['names as options have them', BOTH, 'app-secret=a\nsof-password=b', { appSecret: 'a', sofPassword: 'b' }],
    ['a line more than is needed', ['appSecret'], 'appSecret=a\naccessToken=t', { appSecret: 'a', accessToken: 't' }],
    ['a JSON object', BOTH, '{ "appSecret": "a", "sof_password": "b" }', { appSecret: 'a', sofPassword: 'b' }],
    ['nothing', BOTH, '', {}],
  ])('%s', async (_, needed, input, secrets) => {
    expect(await read(needed, input)).toEqual(secrets);
  });

  test.each<[what: string, needed: readonly SecretName[], input: string, mistake: RegExp]>([
    ['one word for two secrets', BOTH, 'hush', /lines of name=value, or a JSON object, for appSecret, sofPassword/],
    ['a name that is none', BOTH, 'appSecret=hush\nsofPasword=hush', /sofPasword is none of appSecret, /],
    ['JSON that is none', BOTH, '{"appSecret": "hush', /begins like a JSON object and is none/],
    ['a number in JSON', BOTH, '{"appSecret": 1}', /appSecret must be text/],
  ])('refused, without the secret: %s', async (_, needed, input, mistake) => {
    const refused = await read(needed, input).catch((error: Error) => error.message);
    expect(refused).toMatch(mistake);
    expect(refused).not.toContain('hush');
  });

  test('is left alone where everything is there, and where it is a terminal', async () => {
    expect(await read(['appSecret'], 'hush', { appSecretFile: file })).toEqual({ appSecret: 'from the file' });
    const terminal = Object.assign(Readable.from(['typed']), { isTTY: true });
    expect(await readSecrets({ needed: ['appSecret'], options: {}, stdin: terminal })).toEqual({});
  });
});

describe('files', () => {
  test('stand beside standard input, and go before it', async () => {
    const input = 'appSecret=from standard input\nsofPassword=p';
    expect(await read(BOTH, input, { appSecretFile: file })).toEqual({ appSecret: 'from the file', sofPassword: 'p' });
  });

  test('- is standard input', async () => {
    expect(await read([], 'hush\n', { sofPasswordFile: '-' })).toEqual({ sofPassword: 'hush' });
  });

  test('that cannot be read are named, each of them', async () => {
    const options = { appSecretFile: join(dir, 'none'), sofPasswordFile: join(dir, 'neither') };
    await expect(read([], '', options)).rejects.toThrow(/none cannot be read.*\n.*neither cannot be read/);
  });

  test('only one can be standard input', async () => {
    await expect(read([], '', { appSecretFile: '-', sofPasswordFile: '-' })).rejects.toThrow(/only one/);
  });
});
