/**
 * The compose file, held to what it starts: there need be no container engine here. What a container would be given is
 * worked out from the file and read by the services' own settings.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_OPTIONS } from '@lazada-sof/local';
import {
  COMMAND_LINE_SLICES,
  createMetrics,
  readConfig,
  SERVICE_SLICES,
  type ServiceName,
  type SliceName,
  serveHealth,
  settingsOf,
} from '@lazada-sof/runtime';
import { parse } from 'yaml';

const inProject = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const text = (path: string) => readFileSync(inProject(path), 'utf8');

type Container = {
  image: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  tmpfs?: string[];
  restart?: string;
  stop_grace_period?: string;
  healthcheck?: { test?: string[]; disable?: boolean };
  command?: string[];
  entrypoint?: string[];
  ports?: string[];
  container_name?: string;
  profiles?: string[];
  secrets?: string[];
  environment?: Record<string, string>;
  networks?: string[];
  mem_limit?: string;
  pids_limit?: number;
  ulimits?: Record<string, number>;
};
type Compose = {
  services: Record<string, Container>;
  secrets: Record<string, { file: string }>;
  networks: Record<string, { internal?: boolean } | null>;
};

const compose: Compose = parse(text('docker-compose.yml'), { merge: true });
const dockerfile = text('deploy/Dockerfile');
const project = JSON.parse(text('package.json'));

const SERVICES = Object.keys(SERVICE_SLICES) as ServiceName[];
/** What stands around the services: their servers, one-shot commands, and the demonstration's host. */
const AROUND = ['postgres', 'redis', 'migrate', 'sof', 'demo-host'];
/** Reads no settings of ours. */
const CELLS = ['renderer'];
const OURS = Object.entries(compose.services).filter(([, { image }]) => image.startsWith('lazada-sof:'));
const ALL = Object.entries(compose.services);

function serviceNamed(name: string): Container {
  const service = compose.services[name];
  if (!service) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
}

describe('services', () => {
  test('are the folders of services/, and what stands around them', () => {
    const folders = readdirSync(inProject('services'));
    expect(Object.keys(compose.services).toSorted()).toEqual([...folders, ...AROUND].toSorted());
    expect([...SERVICES, ...CELLS].toSorted()).toEqual(folders.toSorted());
  });

  test.each(OURS)('%s starts a file that exists', (_name, { entrypoint = [], command = [] }) => {
    const [node, file] = [...entrypoint, ...command].filter((word) => !word.startsWith('--max-'));
    expect(node).toBe('node');
    expect(existsSync(inProject(file ?? ''))).toBe(true);
  });

  test('migrate is the command line’s own command', () => {
    expect(serviceNamed('migrate').command).toEqual(['node', 'packages/cli/src/main.ts', 'migrate']);
  });

  test('only the demonstration has a simulator, and only the command line has its own profile', () => {
    const profiles = ALL.filter(([, service]) => service.profiles).map(([name, service]) => [name, service.profiles]);
    expect(Object.fromEntries(profiles)).toEqual({ simulator: ['demo'], 'demo-host': ['demo'], sof: ['cli'] });
  });
});

describe('any number of a worker can run', () => {
  test.each(ALL)('%s has no name of its own', (_name, service) => {
    expect(service.container_name).toBeUndefined();
  });

  test('only the api takes a port of the machine', () => {
    expect(ALL.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['api']);
  });
});

describe('each container can do little', () => {
  test.each(ALL)('%s runs without root, without capabilities, on a read-only root', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.user).toMatch(/^(node|postgres|redis)$/);
    expect(service.tmpfs?.map((one) => one.split(':')[0])).toContain('/tmp');
  });

  /** Those that draw: Chromium is unpacked there. */
  const DRAWS = ['renderer', 'sof'];
  test.each(ALL.filter(([name]) => !DRAWS.includes(name)))('%s can run nothing from its /tmp', (_name, service) => {
    expect(service.tmpfs?.join()).not.toMatch(/\bexec\b/);
  });
  test('what draws has the same room for it', () => {
    expect(new Set(DRAWS.map((name) => serviceNamed(name).tmpfs?.join()))).toEqual(new Set(['/tmp:exec,size=512m']));
  });
});

describe('the renderer is a cell', () => {
  const cell = serviceNamed('renderer');

  test('without a setting or a secret', () => {
    expect(cell.environment).toBeUndefined();
    expect(cell.secrets).toBeUndefined();
  });

  test('in a network that leads nowhere, with invoice-fetch alone', () => {
    expect(cell.networks).toEqual(['paper']);
    expect(compose.networks.paper).toEqual({ internal: true });
    const others = ALL.filter(([, { networks = [] }]) => networks.includes('paper')).map(([name]) => name);
    expect(others.toSorted()).toEqual(['invoice-fetch', 'renderer']);
    expect(cell.ports).toBeUndefined();
  });

  test('with limits of its own, and no core files', () => {
    expect(cell).toMatchObject({ mem_limit: '1g', pids_limit: expect.any(Number), ulimits: { core: 0 } });
  });

  test('where invoice-fetch looks for it', () => {
    const port = cell.command?.at(-1);
    expect(serviceNamed('invoice-fetch').environment?.RENDERER_URL).toBe(`\${RENDERER_URL:-http://renderer:${port}}`);
    expect(cell.healthcheck?.test?.at(-1)).toContain(`:${port}/livez`);
  });

  test('in which Chromium can lock itself in, and mount nothing', () => {
    const [, file = ''] = /^seccomp=(.+)$/.exec(cell.security_opt?.at(-1) ?? '') ?? [];
    const profile = JSON.parse(text(file)) as { syscalls: { names: string[]; action: string }[] };
    const refused = profile.syscalls.flatMap(({ names, action }) => (action === 'SCMP_ACT_ERRNO' ? names : []));
    expect(refused).toEqual(expect.arrayContaining(['mount', 'setns', 'ptrace', 'bpf', 'keyctl']));
    for (const needed of ['clone', 'clone3', 'unshare', 'chroot']) expect(refused).not.toContain(needed);
  });
});

describe('each container is kept running', () => {
  const lasting = ALL.filter(([name]) => !['migrate', 'sof'].includes(name));
  test.each(lasting)('%s is started again, and given the time to finish what it holds', (_name, service) => {
    expect(service).toMatchObject({ restart: 'always', stop_grace_period: '40s' });
  });

  test.each(SERVICES)('%s is asked whether it is ready, by node alone', (name) => {
    expect(serviceNamed(name).healthcheck?.test).toEqual([
      'CMD',
      'node',
      '-e',
      expect.stringContaining(':9464/readyz'),
    ]);
  });
});

describe('images', () => {
  test.each(ALL)('%s is pinned to a version', (_name, { image }) => {
    expect(image).toMatch(/^[a-z-]+:\d+\.\d+(\.\d+)?$/);
  });

  test('ours has the version of the project', () => {
    expect(new Set(OURS.map(([, { image }]) => image))).toEqual(new Set([`lazada-sof:${project.version}`]));
  });

  test('it is built on the Node and with the pnpm that the project pins', () => {
    const { node } = project.devDependencies;
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, from]) => from)).toEqual(
      Array(2).fill(`node:${node}-slim`),
    );
    expect(new Set([...dockerfile.matchAll(/pnpm@[\d.]+/g)].map(([pnpm]) => pnpm))).toEqual(
      new Set([project.packageManager]),
    );
  });

  test('what it copies is there, and .dockerignore lets it through', () => {
    const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
      sources.split(' '),
    );
    const allowed = text('.dockerignore').split('\n');
    expect(copies.length).toBeGreaterThan(5);
    for (const source of copies) {
      expect(existsSync(inProject(source))).toBe(true);
      expect(allowed).toContain(`!${source}`);
    }
  });
});

test('a service in a container takes as much memory as one that is measured here', () => {
  expect(dockerfile).toContain(`\nENV NODE_OPTIONS="${NODE_OPTIONS}"\n`);
});

describe('settings', () => {
  /** What each container reads. */
  const READS: Record<string, readonly SliceName[]> = {
    ...SERVICE_SLICES,
    migrate: ['database'],
    sof: ['database', 'queue', 'keys', 'lazada', ...COMMAND_LINE_SLICES, 'sofp', 'target', 'invoices'],
    'demo-host': ['database'],
  };
  /** Inside a container these are as the image and the other services expect them. */
  const FIXED = [
    'HOST',
    'PORT',
    'HEALTH_PORT',
    'SIMULATOR_FTP_PORT',
    'SIMULATOR_SFTP_PORT',
    // PostgreSQL is spoken to without a pooler here.
    'DATABASE_LISTEN_URL',
  ];
  const given = (name: string) => Object.keys(serviceNamed(name).environment ?? {});
  const plain = (variable: string) => variable.replace(/_FILE$/, '');

  test.each(Object.entries(READS))('%s is given exactly the settings that it reads', (name, slices) => {
    const read = settingsOf(slices).map((setting) => setting.name);
    expect(given(name).map(plain).toSorted()).toEqual(read.filter((one) => !FIXED.includes(one)).toSorted());
  });

  test.each(Object.entries(READS))(
    '%s gets its secrets from files that it is given, and only those',
    (name, slices) => {
      const secret = settingsOf(slices).filter((setting) => setting.secret && !FIXED.includes(setting.name));
      const files = Object.entries(serviceNamed(name).environment ?? {}).filter(([key]) => key.endsWith('_FILE'));
      expect(files.map(([key]) => plain(key)).toSorted()).toEqual(secret.map((setting) => setting.name).toSorted());
      expect(files.map(([, file]) => file.replace('/run/secrets/', '')).toSorted()).toEqual(
        (serviceNamed(name).secrets ?? []).toSorted(),
      );
    },
  );

  test.each(OURS)(
    '%s is given each setting under its own name, empty where the operator says nothing',
    (_name, one) => {
      const handedOn = Object.entries(one.environment ?? {}).filter(([key]) => !key.endsWith('_FILE'));
      // Where this file itself says what an operator leaves out.
      const own: Record<string, string> = { RENDERER_URL: 'http://renderer:8077' };
      for (const [key, value] of handedOn) expect([`\${${key}:-}`, `\${${key}:-${own[key]}}`]).toContain(value);
    },
  );

  test('each secret is used', () => {
    const used = new Set(ALL.flatMap(([, { secrets = [] }]) => secrets));
    expect([...used].toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
  });
});

describe('secrets', () => {
  let made: string;
  beforeAll(async () => {
    made = join(mkdtempSync(join(tmpdir(), 'lazada-sof-secrets-')), 'secrets');
    await makeSecrets(made);
  });
  afterAll(() => rmSync(join(made, '..'), { recursive: true, force: true }));

  const names = Object.keys(compose.secrets).toSorted();

  test('made by the script are all that the compose file names, where it looks for them', () => {
    expect(readdirSync(made).toSorted()).toEqual(names);
    expect(Object.values(compose.secrets).map(({ file }) => withSettings(file, {}))).toEqual(
      Object.keys(compose.secrets).map((name) => `./deploy/secrets/${name}`),
    );
  });

  test('are not made a second time', async () => {
    const before = names.map((name) => readFileSync(join(made, name), 'utf8'));
    await makeSecrets(made);
    expect(names.map((name) => readFileSync(join(made, name), 'utf8'))).toEqual(before);
  });

  test('of the demonstration are as many', () => {
    expect(readdirSync(inProject('deploy/demo-secrets')).toSorted()).toEqual(names);
  });

  test.each(SERVICES)('let %s start, made or the demonstration’s', (name) => {
    const demo = demoSettings();
    expect(() => readConfig(SERVICE_SLICES[name], environmentOf(name, {}, made))).not.toThrow();
    expect(() =>
      readConfig(SERVICE_SLICES[name], environmentOf(name, demo, inProject(demo.SECRETS_DIR ?? ''))),
    ).not.toThrow();
  });

  test('of the demonstration let its command line start, which speaks no TLS either; without its settings none would', () => {
    const demo = demoSettings();
    const settingsOf = (settings: Record<string, string>) =>
      environmentOf('sof', settings, inProject(demo.SECRETS_DIR ?? ''));
    const slices = ['lazada', 'sofp', 'target'] as const;
    expect(() => readConfig(slices, settingsOf(demo))).not.toThrow();
    expect(() => readConfig(slices, settingsOf({ ...demo, ALLOW_PLAINTEXT: '' }))).toThrow(/^LAZADA_REST_URL=http:/);
  });

  test('are refused where they are no keys', () => {
    const environment = { ...environmentOf('api', {}, made), ENCRYPTION_KEYS_FILE: join(made, 'console-admin') };
    expect(() => readConfig(SERVICE_SLICES.api, environment)).toThrow('ENCRYPTION_KEYS');
  });

  test('of the demonstration never reach the real Lazada: every address there is the simulator’s', () => {
    const { lazada, sofp } = readConfig(['lazada', 'sofp'], demoSettings());
    for (const url of [lazada.restUrl, lazada.authUrl, sofp.url]) expect(url).toMatch(/^http:\/\/simulator:8090/);
  });
});

describe('the health check', () => {
  const health = { ready: true };
  let port: number;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const answers = { live: () => true, ready: async () => ({ database: health.ready }) };
    const server = await serveHealth({ host: '127.0.0.1', port: 0 }, { health: answers, metrics: createMetrics() });
    ({ port, close } = server);
  });
  afterAll(() => close());

  const check = (at: number) => {
    const [script = ''] = serviceNamed('status-sync').healthcheck?.test?.slice(-1) ?? [];
    return exitCode(['-e', script.replace('9464', String(at))]);
  };

  test('a ready service is healthy', async () => {
    health.ready = true;
    expect(await check(port)).toBe(0);
  });
  test('a service without its database is not', async () => {
    health.ready = false;
    expect(await check(port)).toBe(1);
  });
  test('nobody there is not', async () => {
    expect(await check(1)).toBe(1);
  });
});

const makeSecrets = (folder: string) => exitCode([inProject('deploy/make-secrets.mjs'), folder]);

async function exitCode(args: readonly string[]): Promise<unknown> {
  const [code] = await once(execFile(process.execPath, args), 'exit');
  return code;
}

/** Compose's `${NAME:-default}`. */
const withSettings = (value: string, settings: Record<string, string>) =>
  value.replace(/\$\{(\w+):-(.*?)\}/g, (_all, name: string, otherwise: string) => settings[name] || otherwise);

/** What a container of the service finds in its environment, its secrets lying in `folder`. */
function environmentOf(name: string, settings: Record<string, string>, folder: string): Record<string, string> {
  const entries = Object.entries(serviceNamed(name).environment ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [key, withSettings(value, settings).replace('/run/secrets', folder)]),
  );
}

function demoSettings(): Record<string, string> {
  const lines = text('deploy/demo.env').matchAll(/^([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}
