/** `docs/settings.md` and `.env.example`, made from the table of settings; a test holds them together. */
import type { Setting } from './settings/setting.ts';
import { COMMAND_LINE_SLICES, SERVICE_SLICES, SETTINGS, type SliceName } from './settings.ts';

const NAMES = Object.keys(SETTINGS) as SliceName[];

const usedBy = (slice: SliceName): string => {
  if (COMMAND_LINE_SLICES.some((one) => one === slice)) return 'the command line';
  const services = Object.entries(SERVICE_SLICES).filter(([, slices]) => slices.some((one) => one === slice));
  if (services.length === Object.keys(SERVICE_SLICES).length) return 'every service';
  return services.map(([service]) => `\`${service}\``).join(', ') || 'no service of this version';
};

const cell = (written: string) => written.replaceAll('|', '\\|');

function row(setting: Setting): string {
  const value = setting.required ? '(required)' : setting.default === undefined ? '(none)' : `\`${setting.default}\``;
  const secret = setting.secret ? `yes; or \`${setting.name}_FILE\`` : '';
  return `| \`${setting.name}\` | ${cell(value)} | ${setting.unit ?? ''} | ${secret} | ${cell(setting.meaning)} |`;
}

const section = (slice: SliceName): string =>
  [
    `## ${slice}`,
    '',
    `Read by ${usedBy(slice)}.`,
    '',
    '| variable | default | unit | secret | meaning |',
    '|---|---|---|---|---|',
    ...Object.values(SETTINGS[slice]).map(row),
    '',
  ].join('\n');

export const settingsPage = (): string =>
  [
    '# Settings',
    '',
    '<!-- Made from packages/runtime/src/settings.ts; change it there. -->',
    '',
    'Every service takes its settings from environment variables alone, reads only its own, and says every mistake at once:',
    'one line each on standard error, exit code 78. An empty variable counts as left out. A duration is a number with its',
    'unit (`500ms`, `30s`, `5m`, `1h`). A secret may come from a file: `NAME_FILE=/run/secrets/name` instead of `NAME`.',
    '',
    ...NAMES.map(section),
  ].join('\n');

const envLine = (setting: Setting): string =>
  setting.required
    ? `${setting.name}=${setting.example}`
    : `# ${setting.name}=${setting.default ?? setting.example ?? ''}`;

const envSection = (slice: SliceName, shown: Set<string>): string[] => {
  const settings = Object.values<Setting>(SETTINGS[slice]).filter(({ name }) => !shown.has(name));
  for (const { name } of settings) shown.add(name);
  return settings.length === 0 ? [] : ['', `# ${slice}`, ...settings.map(envLine)];
};

export function envExample(): string {
  const shown = new Set<string>();
  return [
    '# Made from packages/runtime/src/settings.ts; meanings are in docs/settings.md.',
    "# The values are examples: secrets written here are nobody's, and those in brackets are refused until replaced.",
    ...NAMES.flatMap((slice) => envSection(slice, shown)),
    '',
  ].join('\n');
}
