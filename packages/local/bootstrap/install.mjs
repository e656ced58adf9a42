/** Fetches the packages and makes the Prisma client, when they are not there yet or belong to an older state. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fetchPackages } from './fetch-packages.mjs';
import { generateClient } from './generate-client.mjs';
import { withLock } from './lock.mjs';
import { inProject, PINNED_NODE } from './paths.mjs';

/** Each with what it depends on, what it makes, and the mark that says from which state it was made. */
const STEPS = [
  {
    from: ['pnpm-lock.yaml', 'pnpm-workspace.yaml'],
    makes: PINNED_NODE,
    mark: inProject('node_modules/.lazada-sof/packages'),
    run: fetchPackages,
  },
  {
    from: ['pnpm-lock.yaml', 'prisma/schema.prisma'],
    makes: inProject('packages/db/src/generated'),
    mark: inProject('node_modules/.lazada-sof/client'),
    run: generateClient,
  },
];

export async function install() {
  if (STEPS.every(isDone)) return;
  const say = () => console.error('Another start is installing here; waiting for it …');
  await withLock(inProject('.local/install.lock'), runSteps, say);
}

async function runSteps() {
  for (const step of STEPS.filter((one) => !isDone(one))) {
    await step.run();
    mkdirSync(dirname(step.mark), { recursive: true });
    writeFileSync(step.mark, stateOf(step));
  }
}

const isDone = (step) =>
  existsSync(step.makes) && existsSync(step.mark) && readFileSync(step.mark, 'utf8') === stateOf(step);

function stateOf({ from }) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const path of from) hash.update(readFileSync(inProject(path)));
  return hash.digest('hex');
}
