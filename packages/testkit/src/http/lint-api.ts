/** Redocly's linter over a description of an API. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ApiDocument } from './api-types.ts';

/** The recommended rules, as strict as they can be: a warning is a mistake. Each that is off says why. */
const RULES = {
  extends: ['recommended-strict'],
  rules: {
    // The software is nobody's but its owner's: there is no licence to name.
    'info-license': 'off',
  },
};

/** What it finds, one line each: the rule, where, and what is wrong. */
export async function lintApi(document: ApiDocument): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sof-api-lint-'));
  try {
    const files = { description: join(folder, 'openapi.json'), rules: join(folder, 'redocly.yaml') };
    await writeFile(files.description, JSON.stringify(document));
    // JSON is YAML.
    await writeFile(files.rules, JSON.stringify(RULES));
    const told = await redocly([
      'lint',
      files.description,
      '--config',
      files.rules,
      '--format',
      'json',
      '--max-problems',
      '1000',
    ]);
    return problemsOf(told);
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Told = { readonly problems: readonly { ruleId: string; message: string; location: { pointer?: string }[] }[] };

function problemsOf(told: string): string[] {
  const { problems }: Told = JSON.parse(told.slice(told.indexOf('{')));
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
}

/** It ends with 1 where it found something; what it tells counts. It is kept from asking the internet for a newer version. */
function redocly(args: readonly string[]): Promise<string> {
  const program = join(dirname(createRequire(import.meta.url).resolve('@redocly/cli/package.json')), 'bin/cli.js');
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env, timeout: 60_000, maxBuffer: 2 ** 24 },
      (error, out, wrong) => {
        if (out.includes('{')) resolve(out);
        else reject(new Error(`redocly told nothing: ${wrong}`, { cause: error }));
      },
    );
  });
}
