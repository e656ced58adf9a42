/** Writes `docs/settings.md` and `.env.example` anew: node packages/runtime/src/write-settings-docs.ts */
import { writeFileSync } from 'node:fs';
import { envExample, settingsPage } from './settings-docs.ts';

const root = new URL('../../../', import.meta.url);
writeFileSync(new URL('docs/settings.md', root), settingsPage());
writeFileSync(new URL('.env.example', root), envExample());
