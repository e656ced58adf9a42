/** Writes the states and ladders of `docs/architecture.md` anew: node packages/orders/src/write-state-docs.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { withStates } from './plan/state-docs.ts';

const page = new URL('../../../docs/architecture.md', import.meta.url);
writeFileSync(page, withStates(readFileSync(page, 'utf8')));
