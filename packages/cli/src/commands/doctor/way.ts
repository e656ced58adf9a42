/** The ways to our own servers: whether who sits on them could read what is said. */
import type { Config } from '@lazada-sof/runtime';
import { toldInClearText } from '@lazada-sof/runtime/config';
import { type Finding, odd } from './finding.ts';
import type { Room } from './rooms.ts';

export const wayRoom = (settings: Partial<Config>): Room => ({
  name: 'way',
  limitMs: 1_000,
  fix: '',
  look: async () => wayFindings(settings),
});

export const wayFindings = (settings: Partial<Config>): Finding[] =>
  toldInClearText(settings).map(({ name, what, fix }) => odd(`way (${name})`, what, fix));
