import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);

/** A path in this project, wherever it lies. */
export const inProject = (path) => fileURLToPath(new URL(path, root));

export const ROOT = inProject('.');
/** The Node that everything but this bootstrap runs on. Called itself, since going through pnpm costs a second. */
export const PINNED_NODE = inProject('node_modules/node/bin/node');
