/** What settings owe one another. Each relation answers one line that names both, or nothing. */
import { type InClearText, insteadOfClearText } from './settings/clear-text.ts';
import type { Setting } from './settings/setting.ts';
import { type Config, SETTINGS } from './settings.ts';

type Relation = (config: Partial<Config>) => string | undefined;

/** A Redis cluster runs our scripts only where all keys of a queue hash to one slot. */
const clusterNeedsBraces: Relation = ({ queue }) =>
  queue && /^rediss?\+cluster:/.test(queue.url) && !/\{.+\}/.test(queue.prefix)
    ? `QUEUE_PREFIX is "${queue.prefix}", but QUEUE_URL is a Redis cluster: put the prefix in braces, for example {lazada-sof}`
    : undefined;

const portsDiffer: Relation = ({ http, simulator, health }) => {
  const ports: readonly (readonly [string, number | undefined])[] = [
    ['PORT', http?.port ?? simulator?.port],
    ['SIMULATOR_FTP_PORT', simulator?.ftpPort],
    ['SIMULATOR_SFTP_PORT', simulator?.sftpPort],
    ['HEALTH_PORT', health?.port],
  ];
  const taken = new Map<number, string>();
  for (const [name, port] of ports) {
    if (!port) continue;
    const other = taken.get(port);
    if (other) return `${name} is ${port}, and so is ${other}: give one of them another port`;
    taken.set(port, name);
  }
  return undefined;
};

type Read = { readonly setting: Setting; readonly url: string; readonly instead: string; readonly isAllowed: boolean };

/** The settings of this kind whose addresses lead beyond this machine without TLS. */
function inClearText(kind: InClearText, config: Partial<Config>): Read[] {
  return Object.entries(SETTINGS).flatMap(([slice, settings]) => {
    // By the table's own types the values of a slice have the keys of its settings.
    const values = (config as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[slice] ?? {};
    return Object.entries<Setting>(settings).flatMap(([key, setting]): Read[] => {
      const url = values[key];
      if (setting.inClearText !== kind || typeof url !== 'string') return [];
      const instead = insteadOfClearText(url);
      return instead === undefined ? [] : [{ setting, url, instead, isAllowed: values.allowPlaintext !== false }];
    });
  });
}

/** Without user and password, and without an address that is a secret as a whole. */
function shown({ setting: { name, secret }, url }: Read): string {
  const { protocol, host } = new URL(url);
  return secret ? `${name} (not shown)` : `${name}=${protocol}//${host}`;
}

const refusedInClearText = (config: Partial<Config>): string[] =>
  inClearText('refused', config)
    .filter(({ isAllowed }) => !isAllowed)
    .map((read) => {
      const scheme = new URL(read.url).protocol;
      return `${shown(read)} cannot be used: what ${scheme}// says can be read on the way, passwords and tokens too; write ${read.instead}, or set ALLOW_PLAINTEXT=true`;
    });

export type Told = { readonly name: string; readonly what: string; readonly fix: string };

/** Where this process speaks without TLS beyond this machine, and may: by the name of the setting, in words. */
export const toldInClearText = (config: Partial<Config>): Told[] =>
  [...inClearText('told', config), ...inClearText('refused', config).filter(({ isAllowed }) => isAllowed)].map(
    ({ setting: { name }, instead }) => ({
      name,
      what: `${name} leads beyond this machine without TLS: who sits on the way can read all that is said, the password too where it is sent`,
      fix: `where that network is not yours alone, write ${instead} in ${name}`,
    }),
  );

const RELATIONS: readonly Relation[] = [clusterNeedsBraces, portsDiffer];

/** One line for each relation that does not hold, also where other settings could not be read. */
export const relationMistakes = (config: Partial<Config>): string[] => [
  ...RELATIONS.map((relation) => relation(config)).filter((line) => line !== undefined),
  ...refusedInClearText(config),
];
