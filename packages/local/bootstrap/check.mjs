import { inProject } from './paths.mjs';
import { runNode } from './run.mjs';

const BIOME = inProject('node_modules/@biomejs/biome/bin/biome');

/** In this order, all of them even where one fails, so that one run shows everything. */
const CHECKS = [
  { name: 'Types', args: [inProject('node_modules/typescript/bin/tsc'), '-p', inProject('tsconfig.json')] },
  { name: 'Lint, import rules and format', args: [BIOME, 'check', '--error-on-warnings'] },
];

export async function check() {
  let worst = 0;
  for (const { name, args } of CHECKS) {
    const code = await runNode(args);
    console.log(`${name}: ${code === 0 ? 'fine' : 'NOT fine'}`);
    worst = Math.max(worst, code);
  }
  return worst;
}

/** Mends what can be mended without a thought. */
export const format = () => runNode([BIOME, 'check', '--write']);
